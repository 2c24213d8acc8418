import { rename, rm, truncate, writeFile } from 'node:fs/promises';
import { JobsError } from '@almagest/jobs';
import { type ObjectStore, ObjectStoreError } from '@almagest/object-store';
import { metricsRegistry } from '@almagest/platform';
import { A, B, Fixture, HOUR, type MadeDelivery, sha256Of } from './fixture';
import { wrapped } from './wrapped-store';

const DAY = 24 * HOUR;

describe('a scrub', () => {
  let archive: Fixture;
  let one: MadeDelivery;
  let two: MadeDelivery;

  beforeAll(async () => {
    archive = await Fixture.create();
  });
  beforeEach(async () => {
    await archive.clear();
    one = await archive.deliver(A, 1);
    two = await archive.deliver(B, 1);
  });
  afterAll(() => archive.close());

  const scrub = async (store?: ObjectStore): Promise<string> => {
    const service = archive.scrubs(store);
    const { id } = await service.request();
    await service.run(id, archive.never);
    return id;
  };
  const run = async (id: string) => {
    const row = await archive.runs.find('scrub', id);
    if (row === null) throw new Error('no such scrub');
    return row;
  };
  const found = async (id: string) =>
    (await archive.findings(id)).map(({ kind, object_key, expected, found }) => ({
      kind,
      object_key,
      expected,
      found,
    }));
  const partOf = (delivery: MadeDelivery, index: number): MadeDelivery['parts'][number] => {
    const part = delivery.parts[index];
    if (part === undefined) throw new Error('no such part');
    return part;
  };

  it('reads every part and manifest, also of replaced revisions, and finds nothing wrong', async () => {
    await archive.deliver(A, 2);
    const id = await scrub();
    const bytes = await totalBytes(archive);
    expect(await run(id)).toMatchObject({
      state: 'done',
      last_failure: null,
      progress: { objects: { due: 9, read: 9 }, bytes: { due: bytes, read: bytes }, damaged: 0, reading: null },
    });
    expect(await found(id)).toEqual([]);
  });

  it('finds one flipped bit in a part and in a manifest, and reports both digests', async () => {
    const part = partOf(one, 1);
    await archive.flipBit(part.key, 7_777);
    await archive.flipBit(two.manifestKey, 100);
    const bytes = Buffer.from(part.bytes);
    bytes[7_777] = (bytes[7_777] ?? 0) ^ 1;
    const id = await scrub();
    expect(await found(id)).toEqual([
      { kind: 'corrupt', object_key: part.key, expected: part.sha256, found: sha256Of(bytes) },
      { kind: 'corrupt', object_key: two.manifestKey, expected: two.stored.manifest.sha256, found: expect.any(String) },
    ]);
    expect((await run(id)).progress).toMatchObject({ damaged: 2, objects: { read: 6 } });
  });

  it('finds truncated, extended and lost objects', async () => {
    await truncate(archive.path(partOf(one, 0).key), 9_000);
    await writeFile(archive.path(partOf(one, 1).key), 'more', { flag: 'a' });
    await rm(archive.path(two.manifestKey));
    expect(await found(await scrub())).toEqual([
      {
        kind: 'corrupt',
        object_key: partOf(one, 0).key,
        expected: partOf(one, 0).sha256,
        found: expect.stringContaining('9000 bytes, not 10001'),
      },
      {
        kind: 'corrupt',
        object_key: partOf(one, 1).key,
        expected: partOf(one, 1).sha256,
        found: expect.stringContaining('10006 bytes, not 10002'),
      },
      { kind: 'lost', object_key: two.manifestKey, expected: two.stored.manifest.sha256, found: null },
    ]);
  });

  it('changes nothing in the store', async () => {
    await archive.flipBit(partOf(one, 0).key, 0);
    await writeFile(archive.path('stray'), 'stray');
    const before = await archive.keys();
    const touched: string[] = [];
    const refuse = (name: string) => (): never => {
      touched.push(name);
      throw new Error(name);
    };
    await scrub(
      wrapped(archive.store, {
        delete: refuse('delete'),
        put: refuse('put'),
        startUpload: refuse('upload'),
        abortUpload: refuse('abort'),
      }),
    );
    expect(await archive.keys()).toEqual(before);
    expect(touched).toEqual([]);
  });

  it('records when each object was last intact, and reports that time with damage', async () => {
    const { key, bytes } = partOf(one, 0);
    await scrub();
    const good = await checked(archive, key);
    expect(good).toMatchObject({ outcome: 'good', good_at: good?.checked_at });
    await archive.flipBit(key, 1);
    const [finding] = await archive.findings(await scrub());
    expect(finding?.last_good_at).toEqual(good?.good_at);
    expect(await checked(archive, key)).toMatchObject({ outcome: 'corrupt', good_at: good?.good_at });
    expect(await metric('almagest_damaged_objects')).toBe(1);
    await writeFile(archive.path(key), bytes);
    expect(await archive.findings(await scrub())).toEqual([]);
    const again = await checked(archive, key);
    expect(again?.outcome).toBe('good');
    expect(again?.good_at?.getTime()).toBeGreaterThan(good?.good_at?.getTime() ?? Infinity);
    expect(await metric('almagest_damaged_objects')).toBe(0);
  });

  it('resumes an interrupted scrub, and reads again only the object it was reading', async () => {
    const read: string[] = [];
    const stop = new AbortController();
    const keys = await archive.keys();
    const watching = wrapped(archive.store, {
      scan: (key, options) => {
        read.push(key);
        if (read.length === 4) stop.abort(new JobsError('jobs.shutting-down', 'enough'));
        return archive.store.scan(key, options);
      },
    });
    const service = archive.scrubs(watching);
    const { id } = await service.request();
    await expect(service.run(id, stop.signal)).rejects.toMatchObject({ code: 'jobs.shutting-down' });
    expect(await run(id)).toMatchObject({ state: 'running', last_failure: null, progress: { objects: { read: 3 } } });
    expect(read.splice(0)).toEqual(keys.slice(0, 4));
    await service.run(id, archive.never);
    expect(read).toEqual(keys.slice(3));
    expect(await run(id)).toMatchObject({ state: 'done', attempt: 2, progress: { objects: { due: 6, read: 6 } } });
  });

  it('lets only the latest attempt write: a worker that lost its lease stops at its next write', async () => {
    const service = archive.scrubs();
    const { id } = await service.request();
    const late = archive.scrubs(
      wrapped(archive.store, {
        scan: async function* (key, options) {
          if (key === partOf(one, 0).key) await service.run(id, archive.never);
          yield* archive.store.scan(key, options);
        },
      }),
    );
    await expect(late.run(id, archive.never)).rejects.toMatchObject({ code: 'jobs.lease-lost' });
    expect(await run(id)).toMatchObject({ state: 'done', attempt: 2, progress: { objects: { read: 6 } } });
  });

  it('reports no objects while the store is unavailable, and resumes afterwards', async () => {
    const service = archive.scrubs();
    const { id } = await service.request();
    await rename(archive.root, `${archive.root}.away`);
    try {
      await expect(service.run(id, archive.never)).rejects.toBeInstanceOf(ObjectStoreError);
    } finally {
      await rename(`${archive.root}.away`, archive.root);
    }
    expect(await run(id)).toMatchObject({ state: 'running', last_failure: expect.stringContaining('mounted') });
    expect(await archive.findings(id)).toEqual([]);
    await service.run(id, archive.never);
    expect(await run(id)).toMatchObject({ state: 'done', last_failure: null, progress: { damaged: 0 } });
  });

  it('reports an object as unreadable if the store keeps failing on it, and continues', async () => {
    const bad = partOf(one, 0).key;
    let attempts = 0;
    const service = wrapped(archive.store, {
      scan: async function* (key, options) {
        if (key !== bad) {
          yield* archive.store.scan(key, options);
          return;
        }
        attempts += 1;
        yield Buffer.from('a little');
        throw new ObjectStoreError('object-store.failed', 'input/output error');
      },
    });
    const id = await scrub(service);
    expect(await found(id)).toEqual([
      { kind: 'unreadable', object_key: bad, expected: partOf(one, 0).sha256, found: 'input/output error' },
    ]);
    expect(attempts).toBe(3);
    expect((await run(id)).progress).toMatchObject({ objects: { read: 6 }, damaged: 1 });
  });

  it('retries an object after a transient fault', async () => {
    let failed = false;
    const service = wrapped(archive.store, {
      scan: async function* (key, options) {
        if (!failed) {
          failed = true;
          throw new ObjectStoreError('object-store.unavailable', 'a moment');
        }
        yield* archive.store.scan(key, options);
      },
    });
    expect(await found(await scrub(service))).toEqual([]);
    expect(failed).toBe(true);
  });

  it('runs one at a time: twenty concurrent requests get the same scrub', async () => {
    const services = Array.from({ length: 20 }, () => archive.scrubs());
    const ids = await Promise.all(services.map(async (service) => (await service.request()).id));
    expect(new Set(ids).size).toBe(1);
    const jobs = await archive.db.rows<{ count: string }>(
      `SELECT count(*) FROM graphile_worker.jobs WHERE task_identifier = 'catalogue/scrub' AND key = $1`,
      [`upkeep/${ids[0]}`],
    );
    expect(jobs).toEqual([{ count: '1' }]);
  });

  describe('on schedule', () => {
    const scheduled = async (): Promise<number> => (await archive.runs.list('scrub', null, 10)).length;
    const at = (days: number): Date => new Date(Date.now() + days * DAY);

    it('starts when the oldest delivery is as old as the interval, and then once per interval', async () => {
      const service = archive.scrubs();
      await service.requestIfDue(at(6.9));
      expect(await scheduled()).toBe(0);
      await Promise.all([1, 2, 3].map(() => service.requestIfDue(at(7.1))));
      expect(await scheduled()).toBe(1);
      const [first] = await archive.runs.list('scrub', null, 1);
      expect(first).toMatchObject({ scheduled: true, state: 'waiting' });
      await service.requestIfDue(at(100));
      expect(await scheduled()).toBe(1);
      await service.run(first?.id ?? '', archive.never);
      await service.requestIfDue(at(6.9));
      expect(await scheduled()).toBe(1);
      await service.requestIfDue(at(7.1));
      expect(await scheduled()).toBe(2);
    });

    it('never starts if it is turned off or the catalogue is empty', async () => {
      await archive.scrubs(archive.store, archive.config({ SCRUB_INTERVAL_DAYS: 0 })).requestIfDue(at(1000));
      await archive.clear();
      await archive.scrubs().requestIfDue(at(1000));
      expect(await scheduled()).toBe(0);
    });
  });
});

async function totalBytes(archive: Fixture): Promise<number> {
  let bytes = 0;
  for await (const { size } of archive.store.list('')) bytes += size;
  return bytes;
}

async function checked(
  archive: Fixture,
  key: string,
): Promise<{ outcome: string; checked_at: Date; good_at: Date | null } | undefined> {
  const sql = `SELECT outcome, checked_at, good_at FROM catalogue.checked_object WHERE object_key = $1`;
  return (await archive.db.rows<{ outcome: string; checked_at: Date; good_at: Date | null }>(sql, [key]))[0];
}

async function metric(name: string): Promise<number | undefined> {
  const [value] = (await metricsRegistry.getSingleMetric(name)?.get())?.values ?? [];
  return value?.value;
}
