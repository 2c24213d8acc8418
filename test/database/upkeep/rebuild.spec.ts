import { catalogueRebuilt } from '@almagest/contracts';
import { imageFile, record, skyRecords } from '@almagest/fits/testing/fits-file.fixture';
import { JobsError } from '@almagest/jobs';
import { ObjectStoreError } from '@almagest/object-store';
import { A, B, Fixture, GROUP, type MadeDelivery } from './fixture';
import { dumpCatalogue } from './dump';
import { wrapped } from './wrapped-store';

describe('a rebuild', () => {
  let archive: Fixture;

  beforeAll(async () => {
    archive = await Fixture.create();
  });
  beforeEach(() => archive.clear());
  afterAll(() => archive.close());

  const rebuild = async (): Promise<string> => {
    const service = archive.rebuilds();
    const { id } = await service.request();
    await service.run(id, archive.never);
    return id;
  };
  const loseCatalogue = async (): Promise<void> => {
    const tables = archive.source.entityMetadatas.map((entity) => entity.tablePath);
    await archive.source.query(`TRUNCATE ${tables.join(', ')}`);
  };
  const run = async (id: string) => archive.runs.find('rebuild', id);
  /** Delivers members, revisions and combinations, in the order of their decisions. */
  const story = async (): Promise<MadeDelivery[]> => [
    await archive.deliver(A, 1, { decidedAt: '2026-01-01T00:00:00Z' }),
    await archive.deliver(B, 1, { decidedAt: '2026-01-02T00:00:00Z' }),
    await archive.deliver(GROUP, 1, { decidedAt: '2026-01-03T00:00:00Z' }),
    await archive.deliver(A, 2, { decidedAt: '2026-01-04T00:00:00Z' }),
    await archive.deliver(GROUP, 2, { decidedAt: '2026-01-05T00:00:00Z' }),
    await archive.deliver(B, 3, { decidedAt: '2026-01-06T00:00:00Z', outcome: 'SEMIPASS' }),
  ];

  it('recreates the catalogue with its history and the readiness of groups', async () => {
    await story();
    const before = await dumpCatalogue(archive.db);
    expect(before['group_readiness']).toHaveLength(2);
    expect(before['delivery_combines']).toHaveLength(4);
    await loseCatalogue();
    const id = await rebuild();
    expect(await dumpCatalogue(archive.db)).toEqual(before);
    expect(await run(id)).toMatchObject({ state: 'done', progress: { deliveries: 6, findingCount: 0 } });
  });

  it('reads what images show from their headers when a manifest of version 1 does not say it', async () => {
    const image = imageFile([10, 10], Array(100).fill(1) as number[], [...skyRecords(), record('OBJECT', 'NGC 1234')]);
    const fits = Buffer.concat([image, Buffer.alloc(10_001 - 512 - image.length)]);
    const made = await archive.make(A, 1);
    fits.copy(made.parts[0]?.bytes ?? fits, 512);
    const asImage = made.manifest
      .toString()
      .replaceAll(/("path":"[^"]*\.fits","offset":512,"size":)2000(.*?"role":")product/g, `$1${image.length}$2image`);
    const manifest = Buffer.from(asImage);
    await archive.accept(made);
    await archive.storeParts(made);
    await archive.store.put(made.manifestKey, manifest);
    await loseCatalogue();
    await rebuild();
    const files = await archive.db.rows<{ path: string; image: Record<string, unknown> | null }>(
      'SELECT path, image FROM catalogue.member_file ORDER BY path',
    );
    // The second image is damaged: it has no header.
    expect(files.map((file) => file.image && [file.image['object'], file.image['shape']])).toEqual([
      ['NGC 1234', [10, 10]],
      null,
      null,
      null,
    ]);
    expect(files[0]?.image).toMatchObject({ region: { shape: 'polygon' }, noise: [], mosaic: null });
  });

  it('publishes only that the catalogue was rebuilt', async () => {
    const published = (): Promise<object[]> => archive.db.rows('SELECT type FROM catalogue.outbox');
    await story();
    expect(await published()).not.toEqual([]);
    await loseCatalogue();
    await rebuild();
    expect(await published()).toEqual([{ type: catalogueRebuilt.type }]);
  });

  it('uses the time of the manifest as the time of cataloguing', async () => {
    const [first, second] = [await archive.deliver(A, 1), await archive.deliver(A, 2)];
    await archive.age(first.manifestKey, 5 * 24 * 3600 * 1000);
    const times = await Promise.all([first, second].map(({ manifestKey }) => archive.store.head(manifestKey)));
    await loseCatalogue();
    await rebuild();
    const rows = await archive.db.rows(`SELECT catalogued_at, replaced_at FROM catalogue.delivery ORDER BY revision`);
    expect(rows).toEqual([
      { catalogued_at: times[0]?.modifiedAt, replaced_at: times[1]?.modifiedAt },
      { catalogued_at: times[1]?.modifiedAt, replaced_at: null },
    ]);
  });

  it('is refused if the catalogue has a delivery, and joins a rebuild under way', async () => {
    await archive.deliver(A, 1);
    await expect(archive.rebuilds().request()).rejects.toMatchObject({ kind: 'conflict', code: 'catalogue.not-empty' });
    await loseCatalogue();
    const ids = await Promise.all([1, 2, 3].map(async () => (await archive.rebuilds().request()).id));
    expect(new Set(ids).size).toBe(1);
  });

  it('reports manifests that it cannot use, and uses the others', async () => {
    const good = await archive.deliver(A, 1);
    const before = await dumpCatalogue(archive.db);
    await loseCatalogue();
    const twice = await archive.make(A, 4);
    const lines = twice.manifest.toString().trimEnd().split('\n');
    const bad: [string, string | Buffer, RegExp][] = [
      [twice.manifestKey, [...lines, lines.at(-1)].join('\n'), /duplicate key/],
      [(await archive.make(B, 2)).manifestKey, (await archive.make(B, 3)).manifest, /belongs to revision 3/],
      [(await archive.make(B, 4)).manifestKey, '', /is empty/],
      [(await archive.make(B, 5)).manifestKey, '{"kind":"delivery"', /line 1/],
      [(await archive.make(B, 6)).manifestKey, `${lines[1]}\n`, /does not begin with a delivery line/],
      [
        (await archive.make(B, 7)).manifestKey,
        await manifestWithStrangePart(archive),
        /names a part outside its own folder/,
      ],
    ];
    for (const [key, content] of bad) await archive.store.put(key, Buffer.from(content));
    const id = await rebuild();
    const findings = await archive.findings(id);
    expect(findings.map(({ kind, object_key }) => [kind, object_key])).toEqual(
      expect.arrayContaining(bad.map(([key]) => ['manifest-unusable', key])),
    );
    for (const [key, , reason] of bad) {
      expect(findings.find((finding) => finding.object_key === key)?.found).toMatch(reason);
    }
    expect(await run(id)).toMatchObject({ state: 'done', progress: { deliveries: 1, findingCount: bad.length } });
    expect(await dumpCatalogue(archive.db)).toEqual(before);
    expect(await archive.db.rows('SELECT id FROM catalogue.delivery')).toEqual([{ id: good.id }]);

    async function manifestWithStrangePart(of: Fixture): Promise<string> {
      const delivery = await of.make(B, 7);
      return delivery.manifest.toString().replace(delivery.parts[0]?.key ?? '', good.parts[0]?.key ?? '');
    }
  });

  it('resumes after an interruption without repeating work', async () => {
    await story();
    const before = await dumpCatalogue(archive.db);
    await loseCatalogue();
    const stop = new AbortController();
    let reads = 0;
    const service = archive.rebuilds(
      wrapped(archive.store, {
        read: (key, options) => {
          // The rebuild reads all six manifests; then the record service reads each one again.
          if (++reads === 9) stop.abort(new JobsError('jobs.shutting-down', 'enough'));
          return archive.store.read(key, options);
        },
      }),
    );
    const { id } = await service.request();
    await expect(service.run(id, stop.signal)).rejects.toMatchObject({ code: 'jobs.shutting-down' });
    expect(await archive.db.rows('SELECT 1 FROM catalogue.delivery')).toHaveLength(3);
    await service.run(id, archive.never);
    expect(await dumpCatalogue(archive.db)).toEqual(before);
    expect(await run(id)).toMatchObject({ state: 'done', attempt: 2, progress: { deliveries: 6, findingCount: 0 } });
  });

  it('reports no manifest when the store is unavailable', async () => {
    await archive.deliver(A, 1);
    await loseCatalogue();
    let healthy = false;
    const service = archive.rebuilds(
      wrapped(archive.store, {
        read: async (key, options) => {
          if (!healthy) throw new ObjectStoreError('object-store.unavailable', 'away');
          return archive.store.read(key, options);
        },
      }),
    );
    const { id } = await service.request();
    await expect(service.run(id, archive.never)).rejects.toThrow('away');
    expect(await run(id)).toMatchObject({ state: 'running', last_failure: 'away' });
    healthy = true;
    await service.run(id, archive.never);
    expect(await run(id)).toMatchObject({ state: 'done', progress: { deliveries: 1, findingCount: 0 } });
  });

  it('ends at once if the store has no manifests', async () => {
    await archive.store.put('by-hand/manifest.jsonl', Buffer.from('not ours'));
    expect(await run(await rebuild())).toMatchObject({ state: 'done', progress: { deliveries: 0, findingCount: 0 } });
  });
});
