import { mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ObjectStore, ObjectStoreError } from '@almagest/object-store';
import { metricsRegistry } from '@almagest/platform';
import { A, B, Fixture, HOUR, type MadeDelivery } from './fixture';
import { wrapped } from './wrapped-store';

const DAY = 24 * HOUR;

describe('a reconciliation', () => {
  let archive: Fixture;

  beforeAll(async () => {
    archive = await Fixture.create();
  });
  beforeEach(() => archive.clear());
  afterAll(() => archive.close());

  const reconcile = async (repair: boolean, store?: ObjectStore): Promise<string> => {
    const service = archive.reconciliations(store);
    const { id } = await service.request(repair);
    await service.run(id, archive.never);
    return id;
  };
  const run = async (id: string) => {
    const row = await archive.runs.find('reconciliation', id);
    if (row === null) throw new Error('no such reconciliation');
    return row;
  };
  /** Returns `kind name repair` of each finding, with the name of the object without its folder. */
  const found = async (id: string): Promise<string[]> =>
    (await archive.findings(id)).map(
      ({ kind, object_key: key, repair }) => `${kind} ${key.split('/').at(-1)} ${repair}`,
    );
  const add = async (key: string, age = 2 * DAY): Promise<void> => {
    await mkdir(dirname(archive.path(key)), { recursive: true });
    await writeFile(archive.path(key), 'added by hand');
    await archive.age(key, age);
  };
  const firstPart = ({ parts }: MadeDelivery): MadeDelivery['parts'][number] => {
    const [part] = parts;
    if (part === undefined) throw new Error('no part');
    return part;
  };

  it('finds nothing when nothing is wrong, with replaced revisions too', async () => {
    await archive.deliver(A, 1);
    await archive.deliver(A, 2);
    await archive.deliver(B, 1);
    await archive.ageAll(30 * DAY);
    const id = await reconcile(true);
    expect(await found(id)).toEqual([]);
    expect(await run(id)).toMatchObject({
      state: 'done',
      progress: { catalogued: 9, stored: 9, recent: 0, inFlight: 0, findingCount: 0, repaired: 0 },
    });
    expect(await archive.keys()).toHaveLength(9);
  });

  it('reports lost objects and other sizes, and recovers only lost parts', async () => {
    const [a, b] = [await archive.deliver(A, 1), await archive.deliver(B, 1)];
    await rm(archive.path(firstPart(a).key));
    await rm(archive.path(a.manifestKey));
    await truncate(archive.path(firstPart(b).key), 5);
    const id = await reconcile(true);
    expect(await archive.findings(id)).toMatchObject([
      {
        kind: 'size-differs',
        object_key: firstPart(b).key,
        expected: '10001 bytes',
        found: '5 bytes',
        repair: 'not-possible',
      },
      { kind: 'lost', object_key: firstPart(a).key, expected: '10001 bytes', found: null, repair: 'pending' },
      {
        kind: 'lost',
        object_key: a.manifestKey,
        repair: 'not-possible',
        remark: expect.stringContaining('new revision'),
      },
    ]);
    const differences = await metricsRegistry.getSingleMetric('almagest_reconciliation_findings')?.get();
    expect(differences?.values).toMatchObject([
      { labels: { kind: 'lost' }, value: 2 },
      { labels: { kind: 'size-differs' }, value: 1 },
    ]);
  });

  it('reports unknown objects, and deletes only orphans older than the grace period', async () => {
    const a = await archive.deliver(A, 1);
    await archive.ageAll(30 * DAY);
    await add(`${a.folder}/orphan.tar`);
    await add(`${a.folder}/young.tar`, 23 * HOUR);
    await add(`${a.folder.replace('/r1', '/r7')}/unknown.tar`);
    await add('by-hand/notes.txt');
    await add(`${a.folder}/deeper/notes.txt`);
    await archive.beginUpload(`${a.folder}/young-upload.tar`);
    const before = await archive.keys();

    const looked = await reconcile(false);
    expect(await found(looked)).toEqual([
      'foreign notes.txt null',
      'orphan orphan.tar null',
      'unsettled unknown.tar null',
      'foreign notes.txt null',
    ]);
    expect((await run(looked)).progress).toMatchObject({ recent: 2, findingCount: 4, repaired: 0 });
    expect(await archive.keys()).toEqual(before);

    const repaired = await reconcile(true);
    expect((await found(repaired)).sort()).toEqual([
      'foreign notes.txt not-possible',
      'foreign notes.txt not-possible',
      'orphan orphan.tar done',
      'unsettled unknown.tar not-possible',
    ]);
    expect((await run(repaired)).progress).toMatchObject({ findingCount: 4, repaired: 1 });
    expect(await archive.keys()).toEqual(before.filter((key) => !key.endsWith('orphan.tar')));
    expect(await found(await reconcile(true))).not.toContain('orphan orphan.tar done');
  });

  describe('while a delivery is on its way', () => {
    type Stage = 'uploading' | 'first part' | 'all parts' | 'manifest';
    const bring = async (delivery: MadeDelivery, stage: Stage): Promise<void> => {
      if (stage === 'uploading') return archive.beginUpload(firstPart(delivery).key);
      if (stage === 'first part') return archive.store.put(firstPart(delivery).key, firstPart(delivery).bytes);
      await archive.storeParts(delivery);
      if (stage === 'manifest') await archive.storeManifest(delivery);
    };
    const stages: Stage[] = ['uploading', 'first part', 'all parts', 'manifest'];
    const cases = stages.flatMap((stage) =>
      [true, false].flatMap((accepted) => [0, 40].map((days) => ({ stage, accepted, days }))),
    );

    it.each(cases)(
      'deletes none of its objects: stage $stage, accepted: $accepted, $days days old',
      async ({ stage, accepted, days }) => {
        const other = await archive.deliver(B, 1);
        const delivery = await archive.make(A, 1);
        if (accepted) await archive.accept(delivery);
        await bring(delivery, stage);
        await archive.ageAll(days * DAY);
        const config = archive.config({ RECONCILE_GRACE_HOURS: days === 0 ? 24 : 0 });
        const service = archive.reconciliations(archive.store, config);
        const { id } = await service.request(true);
        await service.run(id, archive.never);
        const findings = await archive.findings(id);
        expect(findings.filter(({ kind, repair }) => kind === 'orphan' || repair === 'done')).toEqual([]);
        if (accepted && stage !== 'manifest') expect(findings).toEqual([]);
        // The delivery can still complete.
        await archive.storeParts(delivery);
        await archive.storeManifest(delivery);
        await archive.catalogue(delivery);
        for (const { key, bytes } of [...delivery.parts, ...other.parts]) {
          expect((await archive.store.head(key))?.size).toBe(bytes.length);
        }
        const uploads = await fromAsync(archive.store.listUploads(''));
        expect(uploads).toHaveLength(stage === 'uploading' ? 1 : 0);
      },
    );

    it('reports a complete delivery that is not catalogued within the grace period', async () => {
      const delivery = await archive.make(A, 1);
      await archive.accept(delivery);
      await bring(delivery, 'manifest');
      await archive.ageAll(2 * DAY);
      const id = await reconcile(true);
      expect(await found(id)).toEqual(await uncatalogued(delivery));
      await archive.age(delivery.manifestKey, HOUR);
      const next = await reconcile(true);
      expect(await found(next)).toEqual([]);
      expect((await run(next)).progress).toMatchObject({ inFlight: 2, recent: 1 });
    });

    it('ignores a delivery that is catalogued between the two listings', async () => {
      await archive.deliver(B, 1);
      const delivery = await archive.make(A, 1);
      await archive.storeParts(delivery);
      await archive.storeManifest(delivery);
      await archive.ageAll(2 * DAY);
      const racing = wrapped(archive.store, {
        list: async function* (prefix) {
          // The catalogue's page was read before this delivery was catalogued.
          for await (const object of archive.store.list(prefix)) {
            if (object.key === firstPart(delivery).key) await archive.catalogue(delivery);
            yield object;
          }
        },
      });
      expect(await found(await reconcile(true, racing))).toEqual([]);
      expect(await archive.keys()).toHaveLength(6);
    });

    it('ignores a delivery that is missing from a listing that started before it was stored', async () => {
      const delivery = await archive.deliver(A, 1);
      await archive.deliver(B, 1);
      const early = wrapped(archive.store, {
        list: async function* (prefix) {
          for await (const object of archive.store.list(prefix)) {
            if (!object.key.startsWith(delivery.folder)) yield object;
          }
        },
      });
      const id = await reconcile(true, early);
      expect(await found(id)).toEqual([]);
      expect((await run(id)).progress).toMatchObject({ catalogued: 6, stored: 3 });
    });
  });

  it('deletes the objects of a rejected delivery, parts before manifest, and its uploads', async () => {
    await archive.deliver(B, 1);
    const delivery = await archive.make(A, 1);
    await archive.accept(delivery);
    await archive.storeParts(delivery);
    await archive.storeManifest(delivery);
    await archive.beginUpload(firstPart(delivery).key);
    await archive.reject(delivery);
    const service = archive.reconciliations(archive.store, archive.config({ RECONCILE_GRACE_HOURS: 0 }));
    const { id } = await service.request(true);
    await service.run(id, archive.never);
    expect(await found(id)).toEqual([
      ...delivery.parts.map(({ name }) => `orphan ${name} done`),
      'orphan manifest.jsonl done',
      `abandoned-upload ${firstPart(delivery).name} done`,
    ]);
    expect(await archive.keys()).toHaveLength(3);
    expect(await fromAsync(archive.store.listUploads(''))).toEqual([]);
  });

  it('keeps a complete delivery when another one was rejected in the same folder', async () => {
    const [lost, rejected] = [await archive.make(A, 1), await archive.make(A, 1)];
    await archive.storeParts(lost);
    await archive.storeManifest(lost);
    await archive.accept(rejected);
    await archive.reject(rejected);
    await archive.ageAll(2 * DAY);
    expect(await found(await reconcile(true))).toEqual(
      (await uncatalogued(lost)).map((line) => line.replace('null', 'not-possible')),
    );
    expect(await archive.keys()).toHaveLength(3);
  });

  it('forgets a rejection when another delivery is on its way to the same folder', async () => {
    const [rejected, next] = [await archive.make(A, 1), await archive.make(A, 1)];
    await archive.accept(rejected);
    await archive.reject(rejected);
    const { line } = next;
    const message = { id: next.id, deliver: true, result: { ...line, member: A, recipients: [] } };
    await archive.source.transaction((manager) => archive.record.accepted(manager, message));
    await archive.storeParts(next);
    await archive.ageAll(2 * DAY);
    expect(await found(await reconcile(true))).toEqual(next.parts.map(({ name }) => `unsettled ${name} not-possible`));
    expect(await archive.keys()).toHaveLength(2);
  });

  it('keeps a rejection that arrives before the acceptance', async () => {
    const earlier = await archive.deliver(A, 1);
    const rejected = await archive.make(A, 2);
    await archive.reject(rejected);
    const message = { id: rejected.id, deliver: true, result: { ...rejected.line, member: A, recipients: [] } };
    await archive.source.transaction((manager) => archive.record.accepted(manager, message));
    await archive.storeParts(rejected);
    await archive.ageAll(2 * DAY);
    expect(await found(await reconcile(true))).toEqual(rejected.parts.map(({ name }) => `orphan ${name} done`));
    expect(await archive.keys()).toEqual([...earlier.parts.map(({ key }) => key), earlier.manifestKey].sort());
  });

  it('deletes nothing when the catalogue was lost', async () => {
    await archive.deliver(A, 1);
    await archive.deliver(B, 1);
    await archive.ageAll(400 * DAY);
    const keys = await archive.keys();
    await archive.source.query(
      `TRUNCATE catalogue.delivery, catalogue.part, catalogue.manifest, catalogue.member_file, catalogue.obs_unit_set`,
    );
    const id = await reconcile(true);
    expect(await archive.keys()).toEqual(keys);
    expect(new Set((await archive.findings(id)).map(({ kind, repair }) => `${kind} ${repair}`))).toEqual(
      new Set(['uncatalogued not-possible']),
    );
  });

  it('reports nothing as lost while the store is unavailable, and nothing wrong afterwards', async () => {
    await archive.deliver(A, 1);
    const service = archive.reconciliations();
    const { id } = await service.request(true);
    await rename(archive.root, `${archive.root}.away`);
    try {
      await expect(service.run(id, archive.never)).rejects.toBeInstanceOf(ObjectStoreError);
    } finally {
      await rename(`${archive.root}.away`, archive.root);
    }
    expect(await archive.findings(id)).toEqual([]);
    expect(await run(id)).toMatchObject({ state: 'running', last_failure: expect.stringContaining('mounted') });
    await service.run(id, archive.never);
    expect(await run(id)).toMatchObject({ state: 'done', progress: { findingCount: 0, catalogued: 3 } });
  });

  it('lists each deletion once when the process dies before or just after it', async () => {
    const a = await archive.deliver(A, 1);
    for (const name of ['1', '2', '3']) await add(`${a.folder}/orphan-${name}.tar`);
    let removed = 0;
    const dying = wrapped(archive.store, {
      delete: async (key) => {
        removed += 1;
        if (removed === 2) {
          await archive.store.delete(key);
          throw new ObjectStoreError('object-store.unavailable', 'the process dies here');
        }
        await archive.store.delete(key);
      },
    });
    const service = archive.reconciliations(dying);
    const { id } = await service.request(true);
    await expect(service.run(id, archive.never)).rejects.toThrow('dies here');
    expect(await found(id)).toEqual(['1', '2', '3'].map((name) => `orphan orphan-${name}.tar pending`));
    await service.run(id, archive.never);
    expect(await found(id)).toEqual(['1', '2', '3'].map((name) => `orphan orphan-${name}.tar done`));
    expect(await run(id)).toMatchObject({ attempt: 2, progress: { findingCount: 3, repaired: 3 } });
    expect(await archive.keys()).toHaveLength(3);
  });

  it('reports why the store refuses a deletion', async () => {
    const a = await archive.deliver(A, 1);
    await add(`${a.folder}/orphan.tar`);
    const refusing = wrapped(archive.store, {
      delete: () => Promise.reject(new ObjectStoreError('object-store.denied', 'objects are locked')),
    });
    const id = await reconcile(true, refusing);
    expect(await archive.findings(id)).toMatchObject([
      { kind: 'orphan', repair: 'not-possible', remark: 'objects are locked' },
    ]);
    expect((await run(id)).progress).toMatchObject({ findingCount: 1, repaired: 0 });
  });

  it('joins a run with the same setting, and is refused while one with the other setting is under way', async () => {
    const service = archive.reconciliations();
    const first = await service.request(true);
    expect((await service.request(true)).id).toBe(first.id);
    await expect(service.request(false)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'catalogue.upkeep-under-way',
    });
    await service.run(first.id, archive.never);
    expect((await service.request(false)).id).not.toBe(first.id);
  });

  /** Returns the findings of a repairing reconciliation for a complete delivery that is not catalogued. */
  async function uncatalogued({ parts }: MadeDelivery): Promise<string[]> {
    return [...parts.map(({ name }) => name), 'manifest.jsonl'].map((name) => `uncatalogued ${name} not-possible`);
  }
});

async function fromAsync<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
