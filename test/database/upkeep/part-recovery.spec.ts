import { rm } from 'node:fs/promises';
import { type DataOf, partLost, type Reconciliation } from '@almagest/contracts';
import { chunkSizeFor, ObjectStoreError } from '@almagest/object-store';
import { metricsRegistry } from '@almagest/platform';
import { reconciliationResource } from '../../../apps/catalogue/upkeep/upkeep.pages';
import { A, Fixture, GROUP, HOUR, type MadeDelivery, PROJECT } from './fixture';
import { wrapped } from './wrapped-store';

describe('a reconciliation that finds a lost part', () => {
  let archive: Fixture;
  let delivery: MadeDelivery;
  let part: MadeDelivery['parts'][number];

  beforeAll(async () => {
    archive = await Fixture.create();
  });
  beforeEach(async () => {
    await archive.clear();
    delivery = await archive.deliver(A, 1);
    const [first] = delivery.parts;
    if (first === undefined) throw new Error('no part');
    part = first;
    await archive.ageAll(48 * HOUR);
    await rm(archive.path(part.key));
  });
  afterAll(() => archive.close());

  const reconcile = async (repair: boolean): Promise<string> => {
    const service = archive.reconciliations();
    const { id } = await service.request(repair);
    await service.run(id, archive.never);
    return id;
  };
  const run = async (id: string): Promise<Reconciliation> => {
    const row = await archive.runs.find('reconciliation', id);
    if (row === null) throw new Error('no such reconciliation');
    return reconciliationResource(row);
  };
  /** Returns `kind name repair` of each finding, with the name of the object without its folder. */
  const found = async (id: string): Promise<string[]> =>
    (await archive.findings(id)).map(
      ({ kind, object_key: key, repair }) => `${kind} ${key.split('/').at(-1)} ${repair}`,
    );

  /** The recoveries requested from ingest, in order. */
  const requested = async (): Promise<unknown[]> => {
    const rows = await archive.source.query<{ payload: { data: unknown } }[]>(
      `SELECT payload FROM catalogue.outbox WHERE type = $1 ORDER BY position`,
      [partLost.type],
    );
    return rows.map(({ payload }) => payload.data);
  };
  const lost = (): DataOf<typeof partLost> => {
    const { name, key, sha256, bytes } = part;
    const identity = { deliveryId: delivery.id, project: PROJECT, group: GROUP, ous: A, revision: 1 };
    return { ...identity, level: 'member', part: { name, key, size: bytes.length, sha256 } };
  };
  const settle = async (notRestored: string | null): Promise<void> =>
    archive.source.transaction((manager) => archive.recovery.settle(manager, { ...lost(), notRestored }));

  it('requests nothing unless it repairs', async () => {
    expect(await found(await reconcile(false))).toEqual([`lost ${part.name} null`]);
    expect(await requested()).toEqual([]);
  });

  it('requests its recovery and records the result for every run that requested it', async () => {
    const [first, second] = [await reconcile(true), await reconcile(true)];
    expect(await requested()).toEqual([lost(), lost()]);
    for (const id of [first, second]) {
      expect(await found(id)).toEqual([`lost ${part.name} pending`]);
      expect(await run(id)).toMatchObject({ findingCount: 1, repaired: 0, restoring: 1 });
    }
    await settle(null);
    await settle(null);
    for (const id of [first, second]) {
      expect(await found(id)).toEqual([`lost ${part.name} done`]);
      expect(await run(id)).toMatchObject({ findingCount: 1, repaired: 1, restoring: 0 });
    }
    await archive.reconciliations().updateMetrics();
    const differences = await metricsRegistry.getSingleMetric('almagest_reconciliation_findings')?.get();
    expect(differences?.values).toEqual([]);
  });

  it('records why it could not be recovered', async () => {
    const id = await reconcile(true);
    await settle('nobody has it');
    expect(await archive.findings(id)).toMatchObject([
      {
        repair: 'not-possible',
        remark: expect.stringMatching(/^Not recovered: nobody has it\. Copy it back from a backup/),
      },
    ]);
    expect(await run(id)).toMatchObject({ findingCount: 1, repaired: 0, restoring: 0 });
  });

  it.each([
    ['before the part is settled', 'pending', async () => undefined],
    [
      'after the part is settled',
      'done',
      async () => {
        await archive.store.put(part.key, part.bytes);
        await settle(null);
      },
    ],
  ])('requests it once when an attempt is interrupted and resumes %s', async (_, repair, between) => {
    const failing = wrapped(archive.store, {
      listUploads: () => {
        throw new ObjectStoreError('object-store.unavailable', 'the process dies here');
      },
    });
    const { id } = await archive.reconciliations(failing).request(true);
    await expect(archive.reconciliations(failing).run(id, archive.never)).rejects.toThrow('dies here');
    await between();
    await archive.reconciliations().run(id, archive.never);
    expect(await found(id)).toEqual([`lost ${part.name} ${repair}`]);
    expect(await requested()).toHaveLength(1);
    const [repaired, restoring] = repair === 'done' ? [1, 0] : [0, 1];
    expect(await run(id)).toMatchObject({ findingCount: 1, repaired, restoring });
  });

  it('does not report the upload that recovers it', async () => {
    await reconcile(true);
    await archive.beginUpload(part.key);
    const service = archive.reconciliations(archive.store, archive.config({ RECONCILE_GRACE_HOURS: 0 }));
    const { id } = await service.request(true);
    await service.run(id, archive.never);
    expect(await found(id)).toEqual([`lost ${part.name} pending`]);
    expect(await run(id)).toMatchObject({ inFlight: 1 });
    expect(await archive.store.findUpload(part.key, chunkSizeFor(0))).not.toBeNull();
  });
});
