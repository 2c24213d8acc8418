import { readFile, writeFile } from 'node:fs/promises';
import { withdrawalSchema } from '@almagest/contracts';
import { dumpCatalogue } from './dump';
import { A, B, Fixture, GROUP, HOUR, PROJECT } from './fixture';

describe('a withdrawal', () => {
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
  /** The published events in order: the type, the revision, and the delivery's last state or the delivery it replaces. */
  const announced = async (): Promise<string[]> =>
    (
      await archive.db.rows<{ type: string; data: { revision: number; was?: string; replaces?: string | null } }>(
        `SELECT type, payload -> 'data' AS data FROM catalogue.outbox ORDER BY position`,
      )
    )
      .filter(({ type }) => /Delivery(?:Catalogued|Withdrawn)$/.test(type))
      .map(({ type, data }) => `${type.split('.').at(-1)} ${data.revision} ${data.was ?? data.replaces ?? ''}`.trim());
  const unit = async (ous: string): Promise<{ state: string; revision: number; delivery_id: string | null }> => {
    const [row] = await archive.db.rows<{ state: string; revision: number; delivery_id: string | null }>(
      'SELECT state, revision, delivery_id FROM catalogue.obs_unit_set WHERE uid = $1',
      [ous],
    );
    if (row === undefined) throw new Error(`no ${ous}`);
    return row;
  };
  const loseCatalogue = async (): Promise<void> => {
    const tables = archive.source.entityMetadatas.map((entity) => entity.tablePath);
    await archive.source.query(`TRUNCATE ${tables.join(', ')}`);
  };
  const rebuild = async (): Promise<string> => {
    const { id } = await archive.rebuilds().request();
    await archive.rebuilds().run(id, archive.never);
    return id;
  };
  const reconcile = async (): Promise<string[]> => {
    const { id } = await archive.reconciliations().request(true);
    await archive.reconciliations().run(id, archive.never);
    return (await archive.findings(id)).map(
      ({ kind, object_key: key, repair }) => `${kind} ${key.split('/').at(-1)} ${repair}`,
    );
  };

  it('withdraws every revision below the FAIL, publishes each once, and keeps the objects', async () => {
    const [first, second] = [await archive.deliver(A, 1), await archive.deliver(A, 2)];
    await archive.deliver(B, 1);
    const keys = await archive.keys();
    const failure = await archive.fail(A, 3, 'The flux scale is wrong.');
    expect(await states()).toEqual(['31 withdrawn', '32 withdrawn', '41 current']);
    expect(await announced()).toEqual([
      'DeliveryCatalogued 1',
      `DeliveryCatalogued 2 ${first.id}`,
      'DeliveryCatalogued 1',
      'DeliveryWithdrawn 1 replaced',
      'DeliveryWithdrawn 2 current',
    ]);
    expect(await unit(A)).toEqual({ state: 'not-delivered', revision: 3, delivery_id: null });
    const notes = [first, second].map(({ folder }) => `${folder}/withdrawn.json`);
    expect((await archive.keys()).sort()).toEqual([...keys, ...notes].sort());
    const text = await readFile(archive.path(`${second.folder}/withdrawn.json`), 'utf8');
    expect(text).toContain('\n  "reason": "The flux scale is wrong."');
    expect(withdrawalSchema.parse(JSON.parse(text))).toMatchObject({
      delivery: second.id,
      project: PROJECT,
      group: GROUP,
      ous: A,
      revision: 2,
      was: 'current',
      by: { result: failure.result, revision: 3, decidedAt: failure.decidedAt },
    });
  });

  it('happens once, however many FAILs follow', async () => {
    const { folder } = await archive.deliver(A, 1);
    await archive.fail(A, 2, 'first');
    const note = await archive.db.rows('SELECT * FROM catalogue.withdrawal');
    await archive.fail(A, 3, 'second');
    await archive.fail(A, 2, 'late');
    expect((await announced()).filter((each) => each.startsWith('DeliveryWithdrawn'))).toHaveLength(1);
    expect(await archive.db.rows('SELECT * FROM catalogue.withdrawal')).toEqual(note);
    expect(await readFile(archive.path(`${folder}/withdrawn.json`), 'utf8')).toContain('"first"');
  });

  it('applies to a delivery that is stored after the FAIL, which never becomes visible', async () => {
    const late = await archive.make(A, 1);
    await archive.accept(late);
    await archive.fail(A, 2);
    await archive.deliver(A, 3);
    await archive.storeParts(late);
    await archive.storeManifest(late);
    await archive.catalogue(late);
    expect(await states()).toEqual(['31 withdrawn', '33 current']);
    expect(await announced()).toEqual(['DeliveryCatalogued 3', 'DeliveryWithdrawn 1 unseen']);
    expect(await unit(A)).toMatchObject({ state: 'delivered', revision: 3 });
  });

  it('does not affect revisions above the FAIL', async () => {
    await archive.deliver(A, 1);
    await archive.deliver(A, 3);
    await archive.fail(A, 2);
    expect(await states()).toEqual(['31 withdrawn', '33 current']);
    expect(await unit(A)).toMatchObject({ state: 'delivered', revision: 3 });
  });

  it('is followed by a delivery that replaces the withdrawn one', async () => {
    const first = await archive.deliver(A, 1);
    await archive.fail(A, 2);
    await archive.deliver(A, 3);
    expect((await announced()).at(-1)).toBe(`DeliveryCatalogued 3 ${first.id}`);
    expect(await states()).toEqual(['31 withdrawn', '33 current']);
  });

  it('of a combination does not withdraw the members', async () => {
    await archive.deliver(A, 1);
    await archive.deliver(B, 1);
    await archive.deliver(GROUP, 1);
    await archive.fail(GROUP, 2);
    expect(await states()).toEqual(['21 withdrawn', '31 current', '41 current']);
  });

  it('survives a rebuild of the catalogue', async () => {
    await archive.deliver(A, 1, { decidedAt: '2026-01-01T00:00:00Z' });
    await archive.deliver(B, 1, { decidedAt: '2026-01-02T00:00:00Z' });
    await archive.deliver(A, 2, { decidedAt: '2026-01-03T00:00:00Z' });
    await archive.fail(A, 4, 'The flux scale is wrong.');
    const before = await dumpCatalogue(archive.db);
    const objects = await digests();
    await loseCatalogue();
    await rebuild();
    const after = await dumpCatalogue(archive.db);
    expect(after).toEqual(before);
    expect(after['delivery']?.map((row) => (row as { state: string }).state).sort()).toEqual([
      'current',
      'withdrawn',
      'withdrawn',
    ]);
    expect(await digests()).toEqual(objects);
    await archive.deliver(A, 5, { decidedAt: '2026-01-05T00:00:00Z' });
    const withNext = await dumpCatalogue(archive.db);
    await loseCatalogue();
    await rebuild();
    expect(await dumpCatalogue(archive.db)).toEqual(withNext);

    async function digests(): Promise<string[]> {
      const keys = (await archive.keys()).sort();
      return Promise.all(keys.map(async (key) => `${key} ${(await readFile(archive.path(key))).toString('base64')}`));
    }
  });

  it('survives a rebuild when its note is damaged: the delivery stays out', async () => {
    const { folder } = await archive.deliver(A, 1);
    await archive.fail(A, 2);
    await writeFile(archive.path(`${folder}/withdrawn.json`), '{"version":1');
    await loseCatalogue();
    const findings = await archive.findings(await rebuild());
    expect(findings).toMatchObject([
      {
        kind: 'manifest-unusable',
        object_key: `${folder}/manifest.jsonl`,
        found: expect.stringContaining('withdrawn'),
      },
    ]);
    expect(await states()).toEqual([]);
  });

  it('writes a note that scrubs and reconciliations check', async () => {
    const { folder } = await archive.deliver(A, 1);
    await archive.fail(A, 2);
    await archive.ageAll(30 * 24 * HOUR);
    expect(await reconcile()).toEqual([]);
    expect(await scrub()).toEqual([]);
    const path = archive.path(`${folder}/withdrawn.json`);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"was"', '"WAS"'));
    expect(await scrub()).toEqual([`corrupt ${folder}/withdrawn.json`]);

    async function scrub(): Promise<string[]> {
      const { id } = await archive.scrubs().request();
      await archive.scrubs().run(id, archive.never);
      return (await archive.findings(id)).map(({ kind, object_key: key }) => `${kind} ${key}`);
    }
  });

  it('that the catalogue does not know is reported, and its note is kept', async () => {
    const { folder } = await archive.deliver(A, 1);
    await archive.store.put(`${folder}/withdrawn.json`, Buffer.from('{}'));
    await archive.ageAll(30 * 24 * HOUR);
    expect(await reconcile()).toEqual(['unwithdrawn withdrawn.json not-possible']);
    expect(await archive.keys()).toContain(`${folder}/withdrawn.json`);
  });
});
