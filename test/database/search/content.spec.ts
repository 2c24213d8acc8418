import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deliveryFolder,
  type ImageRecord,
  type ManifestDelivery,
  manifestKey,
  type ManifestLine,
  type PublicMetadata,
} from '@almagest/contracts';
import { DeliveryInspection } from '@almagest/delivery';
import { DirectoryObjectStore } from '@almagest/object-store';
import { parseUid } from '@almagest/ous';
import type { DataSource } from 'typeorm';
import { ContentRepository } from '../../../apps/search/content/content.repository';
import { ContentService, type CurrentDelivery } from '../../../apps/search/content/content.service';
import { CoverageRepository } from '../../../apps/search/coverage/coverage.repository';
import { TestDatabase } from '../../harness/test-database';

const PROJECT = '2013.1.09999.S';
const [GOAL, GROUP, A] = ['Xa1', 'Xa2', 'Xa3'].map((name) => parseUid(`uid://A001/X1/${name}`)) as [
  never,
  never,
  never,
];
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

describe('the content of search', () => {
  let db: TestDatabase;
  let source: DataSource;
  let root: string;
  let store: DirectoryObjectStore;
  let content: ContentService;

  beforeAll(async () => {
    db = await TestDatabase.create();
    source = await db.open('search');
    root = await mkdtemp(join(tmpdir(), 'almagest-search-'));
    store = new DirectoryObjectStore({ root });
    await store.verify();
    content = new ContentService(new ContentRepository(), new CoverageRepository(source), store);
  });
  afterEach(() =>
    source.query(
      'TRUNCATE search.ous, search.observation, search.file, search.mous, search.project, search.execution_block, search.change',
    ),
  );
  afterAll(async () => {
    await db.drop();
    await rm(root, { recursive: true });
  });

  /** Stores the manifest of a delivery with an image of each source, and returns what its event says. */
  async function stored(revision: number, ...sources: string[]): Promise<CurrentDelivery> {
    const deliveryId = randomUUID();
    const posted = {
      project: PROJECT,
      level: 'member' as const,
      scienceGoal: GOAL,
      group: GROUP,
      ous: A,
      executionBlocks: [],
    };
    const line: ManifestDelivery = {
      kind: 'delivery',
      version: 2,
      id: deliveryId,
      project: PROJECT,
      level: 'member',
      scienceGoal: GOAL,
      group: { uid: GROUP, members: [{ uid: A, array: '12m', schedulingBlock: { uid: GOAL, name: 'NGC1234_TM1' } }] },
      ous: A,
      revision,
      outcome: 'PASS',
      decidedAt: '2014-12-05T00:00:00Z',
      releaseDate: '2015-12-05',
      executionBlocks: [
        {
          uid: BLOCK,
          use: 'used',
          asdm: { size: 1000, location: 'file:///a' },
          observation: { start: '2014-11-30T06:00:00Z', exposure: 3600, antennas: ['A109:DV01'] },
        },
      ],
      report: await new DeliveryInspection({ posted }).finish(),
    };
    const files = sources.map((object, index): ManifestLine => {
      const at = {
        kind: 'file',
        path: `${object}.fits`,
        offset: 512 * index,
        size: 1,
        sha256: 'a'.repeat(64),
      } as const;
      return { ...at, item: 2, role: 'image.pbcor', segments: null, image: { ...IMAGE, object } };
    });
    const part: ManifestLine = { kind: 'part', name: 'p.tar', key: 'p', size: 5000, sha256: 'a'.repeat(64) };
    const identity = { project: PROJECT, group: GROUP, ous: A, revision };
    const text = [line, part, ...files].map((each) => JSON.stringify(each)).join('\n');
    await store.put(manifestKey(deliveryFolder(identity)), Buffer.from(text));
    return { deliveryId, ...identity };
  }

  const show = (delivery: CurrentDelivery): Promise<void> =>
    source.transaction((manager) => content.catalogued(manager, delivery));
  const withdraw = (delivery: CurrentDelivery): Promise<void> =>
    source.transaction((manager) => content.withdrawn(manager, delivery));
  const targets = async (): Promise<string[]> =>
    (await db.rows<{ target_name: string }>('SELECT target_name FROM search.observation ORDER BY 1')).map(
      ({ target_name }) => target_name,
    );
  const changes = async (): Promise<string[]> =>
    (
      await db.rows<{ kind: string; revision: number }>('SELECT kind, revision FROM search.change ORDER BY change_id')
    ).map(({ kind, revision }) => `${kind} ${revision}`);

  it('has the rows of the newest revision, whatever the order and number of the events', async () => {
    const [first, second] = [await stored(1, 'NGC1', 'NGC2'), await stored(2, 'NGC3')];
    await show(first);
    expect(await targets()).toEqual(['NGC1', 'NGC2']);
    await show(second);
    await show(second);
    await show(first);
    expect(await targets()).toEqual(['NGC3']);
    expect(await changes()).toEqual(['added 1', 'replaced 2']);
    const [row] = await db.rows<{ t_min: number; t_max: number; t_exptime: number; schedblock_name: string }>(
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
    const [first, second] = [await stored(1, 'NGC1'), await stored(2, 'NGC2')];
    await show(first);
    await withdraw(first);
    expect(await targets()).toEqual([]);
    expect(await db.rows('SELECT 1 FROM search.file UNION ALL SELECT 1 FROM search.execution_block')).toEqual([]);
    await show(second);
    await withdraw(first);
    expect(await targets()).toEqual(['NGC2']);
    await withdraw(second);
    await withdraw(second);
    await show(second);
    expect(await changes()).toEqual(['added 1', 'withdrawn 1', 'added 2', 'withdrawn 2']);
  });

  it('changes nothing when the manifest belongs to another delivery', async () => {
    await show(await stored(1, 'NGC1'));
    const second = await stored(2, 'NGC2');
    await expect(show({ ...second, deliveryId: randomUUID() })).rejects.toThrow('belongs to another delivery');
    expect(await targets()).toEqual(['NGC1']);
  });

  it('has the metadata of a project, which replace what the QA2 result says of an execution block', async () => {
    await show(await stored(1, 'NGC1'));
    const metadata: PublicMetadata = {
      revision: 2,
      title: 'Gas',
      scienceKeywords: ['Merging galaxies', 'AGN'],
      executionBlocks: [{ uid: BLOCK, start: '2014-12-01T06:00:00Z', pwv: 1.5 }],
      publications: [{ bibcode: '2015ApJ...808L...3A', year: 2015, authors: ['A', 'B'] }],
    };
    const describe = (change: Partial<PublicMetadata>): Promise<void> =>
      source.transaction((manager) =>
        content.described(manager, { project: PROJECT, metadata: { ...metadata, ...change } }),
      );
    await describe({});
    await describe({ revision: 1, title: 'Old' });
    expect(
      await db.rows(
        `SELECT title, science_keywords, bibcodes, first_authors, publication_year, t_min, round(pwv::numeric, 2) AS pwv
           FROM search.observation JOIN search.project ON code = proposal_id`,
      ),
    ).toEqual([
      {
        title: 'Gas',
        science_keywords: 'Merging galaxies, AGN',
        bibcodes: '2015ApJ...808L...3A',
        first_authors: 'A',
        publication_year: 2015,
        t_min: 56992.25,
        pwv: '1.50',
      },
    ]);
    await show(await stored(2, 'NGC1'));
    expect(await db.rows('SELECT t_min FROM search.observation')).toEqual([{ t_min: 56992.25 }]);
  });
});
