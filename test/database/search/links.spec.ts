import { type Caller, DataRegister } from '@almagest/access';
import { CatalogueReader, DataSubjects, StoredNames } from '@almagest/catalogue-db';
import { Overflow } from '@almagest/votable';
import { LINK_FIELDS } from '../../../apps/search/links/link';
import { LinksService } from '../../../apps/search/links/links.service';
import { SearchConfig } from '../../../apps/search/search.config';
import { TestDatabase } from '../../harness/test-database';
import { addDelivery } from '../catalogue/add-delivery';

const [OPEN, SECRET] = ['uid://A001/X1/Xa3', 'uid://A001/X1/Xa4'];
const URL = 'http://archive.example';
const PART = '2013.1.09999.S_uid___A001_X1_Xa3_001_of_001.tar';
const AUXILIARY = '2013.1.09999.S_uid___A001_X1_Xa3_auxiliary.tar';
const SECRET_PART = '2019.1.00002.S_uid___A001_X1_Xa4_1_of_1.tar';
const READER: Caller = { id: 'person:pi', scopes: [], projects: ['2019.1.00002.S'], link: null };

type Links = Record<string, string | null>[];

describe('links', () => {
  let db: TestDatabase;
  let service: LinksService;

  beforeAll(async () => {
    db = await TestDatabase.create();
    const source = await db.open('catalogue');
    const register = new DataRegister();
    new DataSubjects(source).addTo(register);
    const config = new SearchConfig({} as SearchConfig['limits'], URL);
    service = new LinksService(new CatalogueReader(source), new StoredNames(source), register, config);
    await addDelivery(db, {
      ous: OPEN,
      parts: {
        [PART]: [
          { path: 'a/README', item: 1, role: 'readme' },
          { path: 'a/log/casa.log', item: 6, role: 'casa_log' },
          { path: 'a/product/cube é.fits', item: 2, role: 'image.pbcor', channels: 480 },
          { path: 'a/product/plane.fits', item: 2, role: 'image', channels: 1 },
          { path: 'a/qa/empty.png', item: 4, role: 'qa2.page', size: 0 },
          { path: 'a/x/twice.dat' },
          { path: 'a/y/twice.dat' },
        ],
        [AUXILIARY]: [],
        'other.tar': [],
      },
      asdms: { 'uid://A002/X1/Xb1': 1000, 'uid://A002/X1/Xb2': 0 },
    });
    await addDelivery(db, {
      ous: SECRET,
      project: '2019.1.00002.S',
      releaseDate: null,
      parts: {
        [SECRET_PART]: [
          { path: 'b/README', item: 1, role: 'readme' },
          { path: 'b/secret.fits', channels: 1 },
        ],
      },
      asdms: { 'uid://A002/X1/Xb3': 1000 },
    });
  });
  afterAll(() => db.drop());

  async function linksOf(ids: string[], caller: Caller | null = null, maxRows = Infinity): Promise<[Links, string[]]> {
    const links: Links = [];
    const descriptors = new Map<string, string>();
    try {
      for await (const rows of service.rows(ids, caller, maxRows, descriptors)) {
        for (const row of rows) {
          links.push(Object.fromEntries(LINK_FIELDS.map(({ name }, index) => [name, row[index] ?? null])));
        }
      }
    } catch (error) {
      if (!(error instanceof Overflow)) throw error;
      links.push({ ID: 'OVERFLOW' });
    }
    return [links, [...descriptors.keys()]];
  }

  const shown = (links: Links): unknown[] =>
    links.map(({ semantics, access_url, service_def, error_message }) => [
      semantics,
      access_url?.replace(`${URL}/dataPortal/`, '') ?? service_def ?? error_message,
    ]);

  it('of an ObsUnitSet are its README, its parts and what is in them, and its raw data', async () => {
    const [links, services] = await linksOf([OPEN]);
    expect(shown(links)).toEqual([
      ['#documentation', 'README'],
      ['#this', PART],
      ['#datalink', `files.${PART}`],
      ['#auxiliary', AUXILIARY],
      ['#datalink', `files.${AUXILIARY}`],
      ['#package', 'other.tar'],
      ['#datalink', 'files.other.tar'],
      ['#progenitor', '2013.1.09999.S_uid___A002_X1_Xb1.asdm.sdm.tar'],
      ['#progenitor', 'NotFoundFault: 2013.1.09999.S_uid___A002_X1_Xb2.asdm.sdm.tar is empty'],
    ]);
    expect(services).toEqual([`files.${PART}`, `files.${AUXILIARY}`, 'files.other.tar']);
    expect(links[1]).toMatchObject({
      ID: OPEN,
      content_type: 'application/x-tar',
      content_length: '5000',
      local_semantics: 'tar',
      link_auth: 'optional',
      link_authorized: 't',
      sha256: 'b'.repeat(64),
      file_id: PART,
    });
    expect((await linksOf(['uid___A001_X1_Xa3']))[0]).toHaveLength(9);
  });

  it('of a part are its files, by their paths where a name means several', async () => {
    const [links] = await linksOf([PART]);
    expect(shown(links)).toEqual([
      ['#documentation', 'README'],
      ['#documentation', 'casa.log'],
      ['#this', 'cube%20%C3%A9.fits'],
      ['#cutout', 'cutout.cube_x20__xe9_.fits'],
      ['#this', 'plane.fits'],
      ['#cutout', 'cutout.plane.fits'],
      ['#auxiliary', 'NotFoundFault: empty.png is empty'],
      ['#auxiliary', 'a/x/twice.dat'],
      ['#auxiliary', 'a/y/twice.dat'],
    ]);
    expect(links.map((link) => link['content_qualifier'])).toEqual([
      ...[null, null, '#cube', null, '#image', null, null, null, null],
    ]);
    expect(links[4]).toMatchObject({ content_type: 'application/fits', local_semantics: 'image' });
  });

  it('of a file are the file, by its name or its path', async () => {
    expect(
      shown((await linksOf(['README', 'a/x/twice.dat', '2013.1.09999.S_uid___A002_X1_Xb1.asdm.sdm.tar']))[0]),
    ).toEqual([
      ['#this', 'README'],
      ['#this', 'a/x/twice.dat'],
      ['#this', '2013.1.09999.S_uid___A002_X1_Xb1.asdm.sdm.tar'],
    ]);
    expect(shown((await linksOf(['twice.dat']))[0])).toEqual([
      ['#this', expect.stringMatching(/^UsageFault: Several files .* a\/x\/twice.dat, a\/y\/twice.dat$/)],
    ]);
  });

  it('to proprietary data say so, and name no file that the caller may not see', async () => {
    const [links, services] = await linksOf([SECRET, SECRET_PART]);
    expect(links.map(({ semantics, link_auth, link_authorized }) => [semantics, link_auth, link_authorized])).toEqual([
      ['#this', 'true', 'f'],
      ['#progenitor', 'true', 'f'],
      ['#this', 'true', 'f'],
    ]);
    expect(links[2]?.['error_message']).toMatch(/^DefaultFault: The files in .* are proprietary/);
    expect([JSON.stringify(links).includes('secret.fits'), services]).toEqual([false, []]);
    const [hidden, missing] = (await linksOf(['secret.fits', 'missing.fits']))[0];
    expect(JSON.stringify(hidden)).toBe(JSON.stringify(missing).replaceAll('missing.fits', 'secret.fits'));

    const [open] = await linksOf([SECRET, SECRET_PART, 'secret.fits'], READER);
    expect(shown(open)).toEqual([
      ['#documentation', 'b/README'],
      ['#this', SECRET_PART],
      ['#datalink', `files.${SECRET_PART}`],
      ['#progenitor', '2019.1.00002.S_uid___A002_X1_Xb3.asdm.sdm.tar'],
      ['#documentation', 'b/README'],
      ['#auxiliary', 'secret.fits'],
      ['#cutout', 'cutout.secret.fits'],
      ['#this', 'secret.fits'],
      ['#cutout', 'cutout.secret.fits'],
    ]);
    expect(new Set(open.map(({ link_auth, link_authorized }) => `${link_auth} ${link_authorized}`))).toEqual(
      new Set(['true t']),
    );
  });

  it('of several IDs are complete for each, up to the limit', async () => {
    const count = async (maxRows: number): Promise<unknown[]> => {
      const [links] = await linksOf(['nothing', PART, OPEN], null, maxRows);
      return [links.length, links.at(-1)?.['ID']];
    };
    expect(await count(19)).toEqual([19, OPEN]);
    expect(await count(18)).toEqual([11, 'OVERFLOW']);
    expect(await count(9)).toEqual([2, 'OVERFLOW']);
    expect(await count(0)).toEqual([1, 'OVERFLOW']);
    const many = Array.from({ length: 1001 }, (_, index) => `no-${index}`);
    expect((await linksOf(many))[0]).toHaveLength(1001);
    expect((await linksOf(['a\0b', 'x'.repeat(2000)]))[0].map((link) => link['error_message'])).toEqual([
      'UsageFault: The ID is too long',
      'UsageFault: The ID is too long',
    ]);
  });
});
