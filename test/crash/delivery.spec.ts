import { basename } from 'node:path';
import { FAILPOINTS } from '@almagest/platform';
import { Client } from 'pg';
import { Archive } from '../acceptance/harness/archive';
import type { Posted } from '../acceptance/harness/archive-client';
import { isBrokenConnection } from '../acceptance/harness/broken-connection';
import { IS_SEPARATE } from '../acceptance/harness/built';
import { accepted, expectOnce, results, samples, statesOf } from '../acceptance/harness/sample-members';
import { VisibilityWatch } from '../acceptance/harness/visibility-watch';
import { waitFor } from '../harness/wait-for';

// Separate services do not use the directory store. The other files here cover the other failpoints.
const points = FAILPOINTS.filter(
  (name) =>
    (!IS_SEPARATE || !name.startsWith('object-store.')) &&
    !name.startsWith('request-handler.') &&
    !name.startsWith('search.') &&
    !['catalogue.withdrawal-noted', 'ingest.part-restored', 'ingest.rejected-before-cleared'].includes(name),
);

describe('an archive that is killed while it processes deliveries', () => {
  let archive: Archive | undefined;
  afterEach(() => archive?.remove());

  it.each(points)('finishes the story after a crash at %s', async (point) => {
    archive = await Archive.start({ failpoint: point });
    const running = archive;
    const watch = new VisibilityWatch(() => running.client, samples);
    const answers = await Promise.all(results.map((result) => postOrNothing(running, result)));
    expect(await archive.died()).toEqual({ code: null, signal: 'SIGKILL' });
    await archive.launch();

    // The pipeline posts every result again: those that were answered before are known.
    const ids: string[] = [];
    for (const [index, result] of results.entries()) {
      const again = await archive.client.post(result);
      if (!('result' in again)) throw new Error(`refused after the crash: ${JSON.stringify(again.problem)}`);
      const before = answers[index];
      if (before !== null && before !== undefined) {
        expect([before.status, again.status]).toEqual([202, 200]);
        expect('result' in before && before.result.id).toBe(again.result.id);
      }
      ids.push(again.result.id);
    }
    for (const id of ids) expect(await statesOf(archive, id)).toEqual(['accepted', 'stored', 'catalogued', 'notified']);
    await watch.stop();

    expect([...watch.faults]).toEqual([]);
    expect(watch.polls).toBeGreaterThan(0);
    await expectOnce(archive, ids);
    await expectNothingLeft(archive);
  });

  it('cleans up after a delivery that it rejected just before the crash', async () => {
    archive = await Archive.start({ failpoint: 'ingest.rejected-before-cleared' });
    const { parts = [], ...result } = results[1];
    const changed = { ...result, parts: parts.map((part) => ({ ...part, sha256: '0'.repeat(64) })) };
    const { id } = accepted(await archive.client.post(changed));
    expect(await archive.died()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await archive.unfinishedUploads()).toBe(1);
    await archive.launch();
    expect(await statesOf(archive, id)).toEqual(['accepted', 'rejected']);
    const running = archive;
    await waitFor('the upload to be removed', async () => (await running.unfinishedUploads()) === 0);
    expect(await archive.stored(result.project)).toEqual([]);
  });
});

/** Posts a result. Returns null when the archive died before it answered. */
async function postOrNothing(archive: Archive, result: (typeof results)[number]): Promise<Posted | null> {
  try {
    const posted = await archive.client.post(result);
    // With separate services, the gateway survives and answers 502.
    return posted.status === 502 ? null : posted;
  } catch (error) {
    if (!isBrokenConnection(error)) throw error;
    return null;
  }
}

/** Expects no unfinished upload, no object besides those of the deliveries, and no dead letter. */
async function expectNothingLeft(archive: Archive): Promise<void> {
  await waitFor('the uploads to be removed', async () => (await archive.unfinishedUploads()) === 0);
  const names = (await archive.stored(results[0].project)).map((key) => basename(key));
  const parts = samples.flatMap((sample) => [...sample.product_tars.map(({ name }) => name), 'manifest.jsonl']);
  expect(names.sort()).toEqual(parts.sort());
  const database = new Client({ connectionString: await archive.databaseUrl() });
  await database.connect();
  const { rows } = await database.query('SELECT reason FROM bus.dead_letter');
  await database.end();
  expect(rows).toEqual([]);
}
