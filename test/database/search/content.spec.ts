import { CatalogueReader } from '@almagest/catalogue-db';
import {
  deliveryCatalogued,
  deliveryWithdrawn,
  type ImageRecord,
  type ManifestDelivery,
  type ManifestFile,
  type PublicMetadata,
} from '@almagest/contracts';
import { type BusContext, Inbox } from '@almagest/messaging';
import { parseUid, type Uid } from '@almagest/ous';
import type { DataSource } from 'typeorm';
import { ReleasesService } from '../../../apps/search/changes/releases.service';
import { ContentRepository } from '../../../apps/search/content/content.repository';
import { ContentService } from '../../../apps/search/content/content.service';
import { CoverageRepository } from '../../../apps/search/coverage/coverage.repository';
import { RebuildService } from '../../../apps/search/rebuild/rebuild.service';
import { SearchConsumer } from '../../../apps/search/search.consumer';
import { setSearchDay } from '../../harness/search-clock';
import { quiet } from '../../harness/test-database';
import { A, B, Fixture, GOAL, GROUP, PROJECT } from '../upkeep/fixture';

const GROUP2 = parseUid('uid://A001/X2/Xa2');
const C = parseUid('uid://A001/X2/Xa3');
const BLOCK = parseUid('uid://A002/X1/Xb1');

const IMAGE: ImageRecord = {
  object: 'NGC1234',
  observed: '2014-11-30T06:00:00',
  unit: 'Jy/beam',
  spectralWindows: [17],
  shape: [256, 256, 480, 1],
  frame: 'ICRS',
  centre: [0.001, -30],
  region: { shape: 'circle', centre: [0.001, -30], radius: 0.01 },
  pixelArcsec: [0.1, 0.1],
  skyPixels: [256, 256],
  spectral: { minimumHz: 229e9, maximumHz: 231e9, frame: 'LSRK', channels: 480, channelWidthHz: 488_281, restHz: null },
  stokes: ['I'],
  beam: null,
  noise: [],
  mosaic: null,
};

const inGroup = {
  uid: GROUP,
  members: [
    { uid: A, array: '12m' as const, schedulingBlock: { uid: GOAL, name: 'NGC1234_TM1' } },
    { uid: B, array: '7m' as const },
  ],
};
const inGroup2 = { uid: GROUP2, members: [{ uid: C, array: '12m' as const }] };
const BLOCKS: ManifestDelivery['executionBlocks'] = [
  {
    uid: BLOCK,
    use: 'used',
    asdm: { size: 1000, location: 'file:///a' },
    observation: { start: '2014-11-30T06:00:00Z', exposure: 3600, antennas: ['A109:DV01'] },
  },
];
/** What a delivery that is named after A serves in addition: B of the same group, C of another. */
const SEVERAL: Partial<ManifestDelivery> = {
  alsoServes: [
    { scienceGoal: GOAL, group: inGroup, member: B, executionBlocks: [] },
    { scienceGoal: parseUid('uid://A001/X2/Xa1'), group: inGroup2, member: C, executionBlocks: [] },
  ],
};

interface Event {
  id: string;
  type: string;
  data: object;
}

describe('the content of search', () => {
  let archive: Fixture;
  let source: DataSource;
  let content: ContentService;
  let consumer: SearchConsumer;
  let releases: ReleasesService;

  beforeAll(async () => {
    archive = await Fixture.create();
    source = await archive.db.open('search');
    const repository = new ContentRepository();
    const catalogue = new CatalogueReader(archive.source);
    content = new ContentService(repository, new CoverageRepository(source), catalogue);
    consumer = new SearchConsumer(new Inbox(source), content, new RebuildService(source, catalogue, content));
    releases = new ReleasesService(source, repository, quiet);
  });
  beforeEach(async () => {
    await archive.clear();
    await archive.source.query('TRUNCATE catalogue.outbox');
    await source.query(
      'TRUNCATE search.ous, search.observation, search.file, search.mous, search.project, search.execution_block, search.change',
    );
  });
  afterEach(() => setSearchDay(archive.db.pool, null));
  afterAll(() => archive.close());

  const publishedAfter = async (count: number): Promise<Event[]> =>
    archive.db.rows<Event>(
      `SELECT id, type, payload -> 'data' AS data FROM catalogue.outbox
        WHERE type LIKE '%.Delivery%' ORDER BY position OFFSET $1`,
      [count],
    );
  /** Runs `work` and returns the events that it published. */
  const eventsOf = async (work: () => Promise<unknown>): Promise<Event[]> => {
    const { length } = await publishedAfter(0);
    await work();
    return publishedAfter(length);
  };
  /** Delivers a revision with an image of each source; returns its events. */
  const deliver = (
    ous: Uid,
    revision: number,
    sources: readonly string[],
    change: Partial<ManifestDelivery> = {},
  ): Promise<Event[]> => {
    const images = sources.map((object, index): ManifestFile => {
      const at = {
        kind: 'file',
        path: `${object}.fits`,
        offset: 512 * index,
        size: 1,
        sha256: 'a'.repeat(64),
      } as const;
      return { ...at, item: 2, role: 'image.pbcor', segments: null, image: { ...IMAGE, object } };
    });
    const group = ous === C ? inGroup2 : inGroup;
    return eventsOf(() =>
      archive.deliver(ous, revision, { version: 2, group, executionBlocks: BLOCKS, ...change }, images),
    );
  };
  const handle = async (...events: Event[]): Promise<void> => {
    for (const { id, type, data } of events) {
      const context = { message: { id, time: new Date().toISOString() } } as BusContext;
      if (type === deliveryCatalogued.type) await consumer.catalogued(deliveryCatalogued.schema.parse(data), context);
      else await consumer.withdrawn(deliveryWithdrawn.schema.parse(data), context);
    }
  };
  const shown = async (): Promise<string[]> =>
    (
      await archive.db.rows<{ ous: string; target_name: string }>(
        `SELECT ous, target_name FROM search.observation ORDER BY ous, target_name`,
      )
    ).map(({ ous, target_name }) => `${ous.slice(-6)} ${target_name}`);
  const changes = async (): Promise<string[]> =>
    (
      await archive.db.rows<{ kind: string; ous_uid: string; revision: number; data_rights: string | null }>(
        'SELECT kind, ous_uid, revision, data_rights FROM search.change ORDER BY change_id',
      )
    ).map(({ kind, ous_uid, revision, data_rights }) =>
      [kind, ous_uid.slice(-6), revision, data_rights].filter((value) => value !== null).join(' '),
    );
  const rights = async (): Promise<string[]> =>
    (
      await archive.db.rows<{ ous: string; rights: string }>(
        `SELECT DISTINCT ous, CASE WHEN release_date < search.today() THEN 'Public' ELSE 'Proprietary' END AS rights
           FROM search.observation ORDER BY ous`,
      )
    ).map((row) => `${row.ous.slice(-6)} ${row.rights}`);

  it('has the rows of the newest revision, whatever the order and number of the events', async () => {
    const first = await deliver(A, 1, ['NGC1', 'NGC2']);
    await handle(...first);
    expect(await shown()).toEqual(['X1/Xa3 NGC1', 'X1/Xa3 NGC2']);
    const second = await deliver(A, 2, ['NGC3']);
    await handle(...second, ...second);
    await source.query('DELETE FROM search.inbox');
    await handle(...second, ...first);
    expect(await shown()).toEqual(['X1/Xa3 NGC3']);
    expect(await changes()).toEqual(['added X1/Xa3 1 Proprietary', 'replaced X1/Xa3 2 Proprietary']);
    const [row] = await archive.db.rows(
      'SELECT t_min, t_max, t_exptime, schedblock_name, antenna_arrays FROM search.observation JOIN search.mous USING (ous)',
    );
    expect(row).toEqual({
      t_min: 56991.25,
      t_max: 56991.25 + 1 / 24,
      t_exptime: 3600,
      schedblock_name: 'NGC1234_TM1',
      antenna_arrays: 'A109:DV01',
    });
  });

  it('has nothing of a withdrawn delivery, also when its events come in the wrong order', async () => {
    const first = await deliver(A, 1, ['NGC1']);
    await handle(...first);
    const withdrawal = await eventsOf(() => archive.fail(A, 2));
    await handle(...withdrawal);
    expect(await shown()).toEqual([]);
    expect(await archive.db.rows('SELECT 1 FROM search.file UNION ALL SELECT 1 FROM search.execution_block')).toEqual(
      [],
    );
    const third = await deliver(A, 3, ['NGC3']);
    const fourth = await deliver(A, 4, ['NGC4']);
    const both = await eventsOf(() => archive.fail(A, 5));
    expect(both).toHaveLength(2);
    await handle(...third, ...both.toReversed(), ...fourth);
    expect(await shown()).toEqual([]);
    expect(await changes()).toEqual([
      'added X1/Xa3 1 Proprietary',
      'withdrawn X1/Xa3 1',
      'added X1/Xa3 3 Proprietary',
      'withdrawn X1/Xa3 3',
    ]);
  });

  it('has a delivery that serves several MemberOUSs under each, replaced one at a time and withdrawn together', async () => {
    await handle(...(await deliver(A, 1, ['NGC1'], SEVERAL)));
    expect(await shown()).toEqual(['X1/Xa3 NGC1', 'X1/Xa4 NGC1', 'X2/Xa3 NGC1']);
    expect(await archive.db.rows('SELECT DISTINCT member_ous_uid, group_ous_uid FROM search.file ORDER BY 1')).toEqual([
      { member_ous_uid: A, group_ous_uid: GROUP },
      { member_ous_uid: B, group_ous_uid: GROUP },
      { member_ous_uid: C, group_ous_uid: GROUP2 },
    ]);
    await handle(...(await deliver(B, 2, ['NGC2'])));
    expect(await shown()).toEqual(['X1/Xa3 NGC1', 'X1/Xa4 NGC2', 'X2/Xa3 NGC1']);
    await handle(...(await eventsOf(() => archive.fail(C, 2))));
    expect(await shown()).toEqual(['X1/Xa4 NGC2']);
    expect((await changes()).slice(3)).toEqual([
      'replaced X1/Xa4 2 Proprietary',
      'withdrawn X1/Xa3 1',
      'withdrawn X2/Xa3 1',
    ]);
  });

  it('has a delivery only under those members that had no newer one when it was catalogued', async () => {
    const newer = await deliver(B, 2, ['NGC2']);
    const older = await deliver(A, 1, ['NGC1'], SEVERAL);
    await handle(...older, ...newer);
    expect(await shown()).toEqual(['X1/Xa3 NGC1', 'X1/Xa4 NGC2', 'X2/Xa3 NGC1']);
    expect((await changes()).filter((change) => change.includes('Xa4'))).toEqual(['added X1/Xa4 2 Proprietary']);
  });

  it('keeps the delivery of a member whose newer one was stored after the FAIL of another', async () => {
    await handle(...(await deliver(B, 1, ['NGC1'])));
    await archive.fail(A, 3);
    const unseen = await deliver(A, 2, ['NGC2'], SEVERAL);
    expect(unseen).toMatchObject([{ data: { was: 'unseen' } }]);
    await handle(...unseen);
    expect(await shown()).toEqual(['X1/Xa4 NGC1']);
  });

  it('is public from the day after the release date, which is one change, also after a stop', async () => {
    const release = (): Promise<void> => releases.run(archive.never);
    await setSearchDay(archive.db.pool, '2026-12-31');
    await handle(...(await deliver(A, 1, ['NGC1'], { releaseDate: '2027-01-01' })));
    await handle(...(await deliver(B, 1, ['NGC2'], { releaseDate: '2026-12-30' })));
    await handle(...(await deliver(C, 1, ['NGC3'], { releaseDate: null })));
    await setSearchDay(archive.db.pool, '2027-01-01');
    await release();
    expect(await rights()).toEqual(['X1/Xa3 Proprietary', 'X1/Xa4 Public', 'X2/Xa3 Proprietary']);
    await setSearchDay(archive.db.pool, '2027-03-05');
    await Promise.all([release(), release()]);
    await release();
    expect(await rights()).toEqual(['X1/Xa3 Public', 'X1/Xa4 Public', 'X2/Xa3 Proprietary']);
    await source.transaction((manager) => content.reload(manager, { ous: A, project: PROJECT }));
    await release();
    await handle(...(await deliver(A, 2, ['NGC4'], { releaseDate: '2028-01-01' })));
    await handle(...(await eventsOf(() => archive.fail(A, 3))));
    await setSearchDay(archive.db.pool, '2029-01-01');
    await release();
    expect(await changes()).toEqual([
      'added X1/Xa3 1 Proprietary',
      'added X1/Xa4 1 Public',
      'added X2/Xa3 1 Proprietary',
      'released X1/Xa3 1 Public',
      'replaced X1/Xa3 2 Proprietary',
      'withdrawn X1/Xa3 2',
    ]);
  });

  it('is public when the newest revision of the last member is, if a delivery serves several', async () => {
    await setSearchDay(archive.db.pool, '2027-06-01');
    await handle(...(await deliver(A, 1, ['NGC1'], { ...SEVERAL, releaseDate: '2027-07-01' })));
    await handle(...(await deliver(B, 2, ['NGC2'], { releaseDate: '2027-09-01' })));
    await setSearchDay(archive.db.pool, '2027-08-01');
    await releases.run(archive.never);
    expect(await rights()).toEqual(['X1/Xa3 Proprietary', 'X1/Xa4 Proprietary', 'X2/Xa3 Proprietary']);
    await setSearchDay(archive.db.pool, '2027-09-02');
    await releases.run(archive.never);
    expect(await rights()).toEqual(['X1/Xa3 Public', 'X1/Xa4 Public', 'X2/Xa3 Public']);
    expect((await changes()).slice(4)).toEqual([
      'released X1/Xa3 1 Public',
      'released X1/Xa4 2 Public',
      'released X2/Xa3 1 Public',
    ]);
  });

  it('has the metadata of a project, which replace what the QA2 result says of an execution block', async () => {
    await handle(...(await deliver(A, 1, ['NGC1'])));
    const metadata: PublicMetadata = {
      revision: 2,
      title: 'Gas',
      scienceKeywords: ['Merging galaxies', 'AGN'],
      executionBlocks: [{ uid: BLOCK, start: '2014-12-01T06:00:00Z', pwv: 1.5 }],
      publications: [{ bibcode: '2015ApJ...808L...3A', year: 2015, authors: ['A', 'B'] }],
    };
    const describe = async (change: Partial<PublicMetadata>): Promise<void> => {
      const document = { ...metadata, ...change };
      await archive.source.query(
        `INSERT INTO catalogue.project_metadata (project, revision, state, content, fingerprint, source, by, recorded_at)
         VALUES ($1, $2, 'recorded', $3, $4, 'request', 'test', now())`,
        [PROJECT, document.revision, JSON.stringify(document), `${document.revision}`],
      );
      await source.transaction((manager) => content.described(manager, { project: PROJECT, metadata: document }));
    };
    await describe({});
    await describe({ revision: 1, title: 'Old' });
    const expected = [
      {
        title: 'Gas',
        science_keywords: 'Merging galaxies, AGN',
        bibcodes: '2015ApJ...808L...3A',
        first_authors: 'A',
        publication_year: 2015,
        t_min: 56992.25,
        pwv: '1.50',
      },
    ];
    const found = (): Promise<object[]> =>
      archive.db.rows(
        `SELECT title, science_keywords, bibcodes, first_authors, publication_year, t_min, round(pwv::numeric, 2) AS pwv
           FROM search.observation JOIN search.project ON code = proposal_id`,
      );
    expect(await found()).toEqual(expected);
    await handle(...(await deliver(A, 2, ['NGC1'])));
    expect(await found()).toEqual(expected);
    await source.query('TRUNCATE search.project');
    await source.transaction((manager) => content.reload(manager, { ous: A, project: PROJECT }));
    expect(await found()).toEqual(expected);
  });
});
