import { rm } from 'node:fs/promises';
import { type DataOf, partLost, type Reconciliation } from '@almagest/contracts';
import { chunkSizeFor, ObjectStoreError } from '@almagest/object-store';
import { metricsRegistry } from '@almagest/platform';
import { reconciliationResource } from '../../../apps/catalogue/upkeep/upkeep.resources';
import { A, Fixture, GROUP, HOUR, type MadeDelivery, PROJECT } from './fixture';
import { wrapped } from './wrapped-store';

describe('a reconciliation that finds a part lost', () => {
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
  /** `kind key repair` of each finding; the key without its folders. */
  const found = async (id: string): Promise<string[]> =>
    (await archive.findings(id)).map(
      ({ kind, object_key: key, repair }) => `${kind} ${key.split('/').at(-1)} ${repair}`,
    );

  /** What ingest is asked for, in the order of asking. */
  const asked = async (): Promise<unknown[]> => {
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
    archive.source.transaction((manager) => archive.lostParts.settle(manager, { ...lost(), notRestored }));

  it('asks for nothing unless it is to repair', async () => {
    expect(await found(await reconcile(false))).toEqual([`lost ${part.name} null`]);
    expect(await asked()).toEqual([]);
  });

  it('asks for it, and says of every run that did what came of it', async () => {
    const [first, second] = [await reconcile(true), await reconcile(true)];
    expect(await asked()).toEqual([lost(), lost()]);
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
    await archive.reconciliations().tellMetrics();
    const differences = await metricsRegistry.getSingleMetric('almagest_reconciliation_findings')?.get();
    expect(differences?.values).toEqual([]);
  });

  it('says why it could not be had', async () => {
    const id = await reconcile(true);
    await settle('nobody has it');
    expect(await archive.findings(id)).toMatchObject([
      {
        repair: 'not-possible',
        remark: expect.stringMatching(/^Not restored: nobody has it\. Restore it from a copy/),
      },
    ]);
    expect(await run(id)).toMatchObject({ findingCount: 1, repaired: 0, restoring: 0 });
  });

  it.each([
    ['before it is settled', 'pending', async () => undefined],
    [
      'after it is settled',
      'done',
      async () => {
        await archive.store.put(part.key, part.bytes);
        await settle(null);
      },
    ],
  ])('asks once when an attempt breaks off, and goes on %s', async (_, repair, between) => {
    const breaking = wrapped(archive.store, {
      listUploads: () => {
        throw new ObjectStoreError('object-store.unavailable', 'the process dies here');
      },
    });
    const { id } = await archive.reconciliations(breaking).request(true);
    await expect(archive.reconciliations(breaking).run(id, archive.never)).rejects.toThrow('dies here');
    await between();
    await archive.reconciliations().run(id, archive.never);
    expect(await found(id)).toEqual([`lost ${part.name} ${repair}`]);
    expect(await asked()).toHaveLength(1);
    const [repaired, restoring] = repair === 'done' ? [1, 0] : [0, 1];
    expect(await run(id)).toMatchObject({ findingCount: 1, repaired, restoring });
  });

  it('leaves the upload alone that brings it back', async () => {
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
