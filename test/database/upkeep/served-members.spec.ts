import { readFile } from 'node:fs/promises';
import { CatalogueReader } from '@almagest/catalogue-db';
import { type ManifestDelivery, withdrawalSchema } from '@almagest/contracts';
import { parseUid, type Uid } from '@almagest/ous';
import { dumpCatalogue } from './dump';
import { A, B, Fixture, GOAL, GROUP } from './fixture';

const GROUP2 = parseUid('uid://A001/X2/Xa2');
const C = parseUid('uid://A001/X2/Xa3');
const D = parseUid('uid://A001/X2/Xa4');

const inGroup = {
  uid: GROUP,
  members: [
    { uid: A, array: '12m' as const },
    { uid: B, array: '7m' as const },
  ],
};
const inGroup2 = { uid: GROUP2, members: [C, D].map((uid) => ({ uid, array: '12m' as const })) };
const block = (uid: Uid): ManifestDelivery['executionBlocks'] => [
  { uid, use: 'used', asdm: { size: 1000, location: 'file:///raw' } },
];

/** What a delivery that is named after A serves in addition: B of the same group, C of another. */
const SEVERAL: Partial<ManifestDelivery> = {
  group: inGroup,
  executionBlocks: block(parseUid('uid://A002/X1/Xa')),
  alsoServes: [
    { scienceGoal: GOAL, group: inGroup, member: B, executionBlocks: block(parseUid('uid://A002/X1/Xb')) },
    {
      scienceGoal: parseUid('uid://A001/X2/Xa1'),
      group: inGroup2,
      member: C,
      executionBlocks: block(parseUid('uid://A002/X1/Xc')),
    },
  ],
};

describe('a delivery that serves several MemberOUSs', () => {
  let archive: Fixture;
  let catalogue: CatalogueReader;

  beforeAll(async () => {
    archive = await Fixture.create();
    catalogue = new CatalogueReader(archive.source);
  });
  beforeEach(() => archive.clear());
  afterAll(() => archive.close());

  /** The state of each MemberOUS, and whether it has this delivery. */
  const units = async (id: string): Promise<string[]> => {
    const rows = await archive.db.rows<{ uid: string; state: string; revision: number; delivery_id: string | null }>(
      `SELECT uid, state, revision, delivery_id FROM catalogue.obs_unit_set WHERE level = 'member' ORDER BY uid`,
    );
    return rows.map(
      ({ uid, state, revision, delivery_id }) => `${uid.slice(-6)} ${state} ${revision} ${delivery_id === id}`,
    );
  };
  const listed = async (ous: Uid): Promise<string[]> =>
    (await catalogue.deliveries(ous, null, 10)).map(({ revision, state }) => `${revision} ${state}`);
  const isReady = async (group: Uid): Promise<boolean> => {
    const found = await catalogue.ous(group);
    return found?.level === 'group' && found.ready;
  };
  const events = async (type: string): Promise<object[]> => {
    const rows = await archive.db.rows<{ data: object }>(
      `SELECT payload -> 'data' AS data FROM catalogue.outbox WHERE type LIKE '%' || $1 ORDER BY position`,
      [type],
    );
    return rows.map(({ data }) => data);
  };

  it('is stored once and catalogued under each, and settles each group', async () => {
    await archive.deliver(D, 1, { group: inGroup2 });
    const delivery = await archive.deliver(A, 1, SEVERAL);
    const { id } = delivery;
    await archive.catalogue(delivery);
    expect(await units(id)).toEqual([
      'X1/Xa3 delivered 1 true',
      'X1/Xa4 delivered 1 true',
      'X2/Xa3 delivered 1 true',
      'X2/Xa4 delivered 1 false',
    ]);
    expect([await listed(A), await listed(B), await listed(C)]).toEqual([['1 current'], ['1 current'], ['1 current']]);
    expect(await catalogue.delivery(id)).toMatchObject({ ous: A, alsoServes: [B, C], parts: 2 });
    expect((await catalogue.executionBlocks(C)).map(({ uid }) => uid)).toEqual(['uid://A002/X1/Xc']);
    expect([await isReady(GROUP), await isReady(GROUP2)]).toEqual([true, true]);
    expect((await events('DeliveryCatalogued')).slice(1)).toMatchObject([
      {
        deliveryId: id,
        ous: A,
        alsoServes: [
          { ous: B, group: GROUP },
          { ous: C, group: GROUP2 },
        ],
      },
    ]);
  });

  it('is replaced for one MemberOUS at a time, by its newer revision', async () => {
    const { id } = await archive.deliver(A, 1, SEVERAL);
    const next = await archive.deliver(B, 2);
    expect([await listed(A), await listed(B)]).toEqual([['1 current'], ['2 current', '1 replaced']]);
    expect(await catalogue.delivery(id)).toMatchObject({ state: 'current' });
    await archive.deliver(A, 3, SEVERAL);
    expect([await listed(A), await listed(B), await listed(C)]).toEqual([
      ['3 current', '1 replaced'],
      ['3 current', '2 replaced', '1 replaced'],
      ['3 current', '1 replaced'],
    ]);
    expect(await catalogue.delivery(id)).toMatchObject({ state: 'replaced' });
    expect(await catalogue.delivery(next.id)).toMatchObject({ state: 'replaced' });
  });

  it('is withdrawn from each by the FAIL of one', async () => {
    await archive.deliver(D, 1, { group: inGroup2 });
    const { id, folder } = await archive.deliver(A, 1, SEVERAL);
    const failure = await archive.fail(B, 2);
    expect(await units(id)).toEqual([
      'X1/Xa3 not-delivered 1 false',
      'X1/Xa4 not-delivered 2 false',
      'X2/Xa3 not-delivered 1 false',
      'X2/Xa4 delivered 1 false',
    ]);
    expect([await listed(A), await listed(C)]).toEqual([['1 withdrawn'], ['1 withdrawn']]);
    expect([await isReady(GROUP), await isReady(GROUP2)]).toEqual([false, false]);
    const note = withdrawalSchema.parse(JSON.parse(await readFile(archive.path(`${folder}/withdrawn.json`), 'utf8')));
    expect(note).toMatchObject({ ous: A, by: { result: failure.result, ous: B, revision: 2 } });
    expect(await events('DeliveryWithdrawn')).toMatchObject([{ deliveryId: id, ous: A, was: 'current' }]);
    const again = await archive.deliver(C, 2, { group: inGroup2 });
    expect((await units(again.id))[2]).toBe('X2/Xa3 delivered 2 true');
  });

  it('that is stored after the FAIL of one is never visible', async () => {
    const late = await archive.ingest(A, 1, SEVERAL);
    await archive.fail(B, 2);
    await archive.catalogue(late);
    expect(await events('DeliveryCatalogued')).toEqual([]);
    expect(await events('DeliveryWithdrawn')).toMatchObject([{ deliveryId: late.id, was: 'unseen' }]);
    expect((await units(late.id)).slice(0, 3)).toEqual([
      'X1/Xa3 not-delivered 1 false',
      'X1/Xa4 not-delivered 2 false',
      'X2/Xa3 not-delivered 1 false',
    ]);
  });

  it('is rejected for each', async () => {
    const delivery = await archive.make(A, 1, SEVERAL);
    await archive.accept(delivery);
    await archive.reject(delivery);
    expect((await units(delivery.id)).slice(0, 3)).toEqual([
      'X1/Xa3 rejected 1 false',
      'X1/Xa4 rejected 1 false',
      'X2/Xa3 rejected 1 false',
    ]);
  });

  it('comes back with a rebuild, replaced for one and withdrawn from all', async () => {
    await archive.deliver(D, 1, { group: inGroup2 });
    await archive.deliver(A, 1, SEVERAL);
    await archive.deliver(C, 2, { group: inGroup2 });
    const rebuilt = async (): Promise<Record<string, unknown[]>> => {
      await archive.source.query(
        `TRUNCATE ${archive.source.entityMetadatas.map((entity) => entity.tablePath).join(', ')}`,
      );
      const { id } = await archive.rebuilds().request();
      await archive.rebuilds().run(id, archive.never);
      expect(await archive.findings(id)).toEqual([]);
      return dumpCatalogue(archive.db);
    };
    const served = await dumpCatalogue(archive.db);
    expect(await rebuilt()).toMatchObject({ delivery: served['delivery'], delivery_serves: served['delivery_serves'] });
    await archive.fail(B, 3);
    const { delivery, obs_unit_set } = await dumpCatalogue(archive.db);
    expect(await rebuilt()).toMatchObject({ delivery, obs_unit_set });
  });
});
