import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { ReconciliationWithFindings } from '@almagest/contracts';
import { ingest } from '../../../apps/ingest/ingest.module';
import { RunningArchive, until } from './running-archive';

jest.setTimeout(60_000);

/** Ingest is down while the catalogue requests the recovery of a lost part, and finds other circumstances afterwards. */
describe('a lost part whose recovery is requested while ingest is down', () => {
  let archive: RunningArchive;
  let path: string;
  let bytes: Buffer;

  beforeEach(async () => {
    archive = await RunningArchive.start();
    const id = await archive.deliver('1-member-12m.json');
    const [row] = await archive.db.rows<{ object_key: string }>(
      `SELECT object_key FROM catalogue.part WHERE delivery_id = $1 ORDER BY position LIMIT 1`,
      [id],
    );
    path = archive.path(row?.object_key ?? '');
    bytes = await readFile(path);
    await archive.halt('ingest');
    await rm(path);
  });
  afterEach(() => archive.stop());

  const request = async (): Promise<string> => archive.upkeep('reconciliations', { repair: true });
  const look = async (at: string): Promise<ReconciliationWithFindings> =>
    archive.json<ReconciliationWithFindings>('catalogue', at);
  const settled = async (at: string): Promise<ReconciliationWithFindings['findings']['items']> => {
    await until(async () => (await look(at)).restoring === 0);
    return (await look(at)).findings.items;
  };

  it('is recovered once, however often it was requested', async () => {
    const runs = [await request(), await request()];
    for (const run of runs) {
      expect(await look(run)).toMatchObject({
        state: 'done',
        findingCount: 1,
        repaired: 0,
        restoring: 1,
        findings: { items: [{ kind: 'lost', repair: 'pending', remark: expect.stringContaining('asked') }] },
      });
    }
    await archive.run(ingest);
    for (const run of runs) {
      expect(await settled(run)).toMatchObject([{ kind: 'lost', repair: 'done' }]);
      expect(await look(run)).toMatchObject({ findingCount: 1, repaired: 1 });
    }
    expect((await readFile(path)).equals(bytes)).toBe(true);
    // The second request may arrive after the first is settled; it finds the part in its place.
    const rows = await archive.db.rows(`SELECT DISTINCT state, failures, hold_ups FROM ingest.part_restoration`);
    expect(rows).toEqual([{ state: 'restored', failures: 0, hold_ups: 0 }]);
  });

  it.each<[string, () => Buffer, object]>([
    ['the part itself', () => bytes, { repair: 'done', remark: expect.stringContaining('in the store again') }],
    [
      'other bytes',
      () => randomBytes(bytes.length),
      { repair: 'not-possible', remark: expect.stringContaining('another object exists under its key') },
    ],
    [
      'more bytes',
      () => Buffer.concat([bytes, bytes]),
      { repair: 'not-possible', remark: expect.stringContaining('is longer than the') },
    ],
  ])('is not overwritten if the key has an object again: %s', async (_, put, finding) => {
    const run = await request();
    const present = put();
    await writeFile(path, present);
    await archive.run(ingest);
    expect(await settled(run)).toMatchObject([{ kind: 'lost', ...finding }]);
    expect((await readFile(path)).equals(present)).toBe(true);
  });

  it('is not recovered by an ingest that has lost its records, and the finding says so', async () => {
    const run = await request();
    await archive.db.pool.query('TRUNCATE ingest.delivery');
    await archive.run(ingest);
    expect(await settled(run)).toMatchObject([
      { repair: 'not-possible', remark: expect.stringContaining('no record of its delivery') },
    ]);
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
