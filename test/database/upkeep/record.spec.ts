import { EventEmitter, once } from 'node:events';
import { A, B, Fixture, type MadeDelivery } from './fixture';
import { wrapped } from './wrapped-store';

describe('cataloguing a delivery', () => {
  let archive: Fixture;

  beforeAll(async () => {
    archive = await Fixture.create();
  });
  beforeEach(() => archive.clear());
  afterAll(() => archive.close());

  const states = async (): Promise<string[]> =>
    (
      await archive.db.rows<{ ous: string; revision: number; state: string }>(
        'SELECT ous, revision, state FROM catalogue.delivery ORDER BY ous, revision',
      )
    ).map(({ ous, revision, state }) => `${ous.slice(-1)}${revision} ${state}`);
  const announced = async (): Promise<string[]> =>
    (
      await archive.db.rows<{ type: string; revision: string }>(
        `SELECT type, payload -> 'data' ->> 'revision' AS revision FROM catalogue.outbox
          WHERE type ~ 'Delivery(Catalogued|Withdrawn)$' ORDER BY position`,
      )
    ).map(({ type, revision }) => `${type.split('.').at(-1)} ${revision}`);

  /** Begins to catalogue a delivery and stops at the read of its manifest; `finish` lets it continue. */
  async function begin(delivery: MadeDelivery): Promise<{ finish: () => Promise<void> }> {
    const gate = new EventEmitter();
    const reading = once(gate, 'reading');
    const released = once(gate, 'released');
    const record = archive.records(
      wrapped(archive.store, {
        read: async (key, options) => {
          gate.emit('reading');
          await released;
          return archive.store.read(key, options);
        },
      }),
    );
    const catalogued = archive.catalogue(delivery, record);
    await Promise.race([reading, catalogued]);
    return {
      finish: () => {
        gate.emit('released');
        return catalogued;
      },
    };
  }

  it('does not delay other messages of the group while the store is slow', async () => {
    const slow = await begin(await archive.ingest(A, 1));
    await archive.deliver(B, 1);
    expect(await states()).toEqual(['41 current']);
    await slow.finish();
    expect(await states()).toEqual(['31 current', '41 current']);
  });

  it('withdraws the delivery when a FAIL arrives while its manifest is read', async () => {
    const slow = await begin(await archive.ingest(A, 1));
    await archive.fail(A, 2);
    await slow.finish();
    expect(await states()).toEqual(['31 withdrawn']);
    expect(await announced()).toEqual(['DeliveryWithdrawn 1']);
  });

  it('keeps a newer revision that is catalogued while its manifest is read', async () => {
    const slow = await begin(await archive.ingest(A, 1));
    await archive.deliver(A, 2);
    await slow.finish();
    expect(await states()).toEqual(['31 replaced', '32 current']);
    expect(await announced()).toEqual(['DeliveryCatalogued 2', 'DeliveryCatalogued 1']);
  });

  it('catalogues it once when a second message about it arrives while its manifest is read', async () => {
    const delivery = await archive.ingest(A, 1);
    const slow = await begin(delivery);
    const second = archive.catalogue(delivery);
    await slow.finish();
    await second;
    expect(await states()).toEqual(['31 current']);
    expect(await announced()).toEqual(['DeliveryCatalogued 1']);
  });

  it('records nothing when the manifest is not the announced one', async () => {
    const delivery = await archive.ingest(A, 1);
    const slow = await begin(delivery);
    await archive.store.delete(delivery.manifestKey);
    await archive.store.put(delivery.manifestKey, Buffer.concat([delivery.manifest, Buffer.from('\n')]));
    await expect(slow.finish()).rejects.toMatchObject({ code: 'catalogue.manifest-unreadable' });
    expect(await archive.db.rows('SELECT 1 FROM catalogue.part')).toEqual([]);
    await archive.store.delete(delivery.manifestKey);
    await archive.storeManifest(delivery);
    await archive.catalogue(delivery);
    expect(await states()).toEqual(['31 current']);
  });

  it('keeps the note of a withdrawal whose transaction died', async () => {
    const delivery = await archive.ingest(A, 1);
    const failure = await archive.fail(A, 2);
    const dying = archive.records(archive.store);
    await expect(
      archive.source.transaction(async (manager) => {
        await dying.stored(manager, delivery.stored);
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    const note = `${delivery.folder}/withdrawn.json`;
    const before = await archive.store.head(note);
    expect(before).not.toBeNull();
    await archive.catalogue(delivery);
    expect(await archive.store.head(note)).toEqual(before);
    expect(await archive.db.rows(`SELECT by ->> 'result' AS result FROM catalogue.withdrawal`)).toEqual([
      { result: failure.result },
    ]);
  });
});
