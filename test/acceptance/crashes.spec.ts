import { basename } from 'node:path';
import { ousOf } from '@almagest/contracts';
import { FAILPOINTS } from '@almagest/platform';
import { Client } from 'pg';
import { Archive } from './harness/archive';
import { IS_SEPARATE } from './harness/archive-process';
import type { Posted } from './harness/archive-client';
import { sha256 } from './harness/posting';
import { sampleDelivery, sampleResult } from './harness/sample';
import { VisibilityWatch } from './harness/visibility-watch';
import { waitFor } from './harness/wait-for';
import { isBrokenConnection } from './harness/broken-connection';

const results = [sampleResult('member12m'), sampleResult('member7m')] as const;
const samples = results.map((result) => sampleDelivery(ousOf(result)));

/** The directory store has points of its own; other ways are in other stories (raw-data, withdrawal, repair.spec.ts). */
const points = FAILPOINTS.filter(
  (name) =>
    (!IS_SEPARATE || !name.startsWith('object-store.')) &&
    !name.startsWith('request-handler.') &&
    !['catalogue.withdrawal-noted', 'ingest.part-restored', 'ingest.rejected-before-cleared'].includes(name),
);

describe('an archive that is killed in the middle of its work', () => {
  let archive: Archive | undefined;
  afterEach(() => archive?.remove());

  it.each(points)('finishes the story after a crash at %s', async (point) => {
    archive = await Archive.start({ failpoint: point });
    const running = archive;
    const watch = new VisibilityWatch(() => running.client, samples);
    const answers = await Promise.all(results.map((result) => postOrNothing(running, result)));
    expect(await archive.died()).toEqual({ code: null, signal: 'SIGKILL' });
    await archive.launch();

    // The pipeline posts what it got no answer to again; what it got one to is known.
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
    expect(watch.looks).toBeGreaterThan(0);
    await expectOnce(archive, ids);
    await expectNothingLeft(archive);
  });

  it('takes two crashes in one story', async () => {
    archive = await Archive.start({ failpoint: 'ingest.parts-completed' });
    const [result] = results;
    const { id } = accepted(await archive.client.post(result));
    await archive.died();
    await archive.launch('catalogue.written-before-commit');
    await archive.died();
    await archive.launch();
    expect(await statesOf(archive, id)).toEqual(['accepted', 'stored', 'catalogued', 'notified']);
    expect((await archive.client.deliveries(ousOf(result))).map((delivery) => delivery.id)).toEqual([id]);
    expect(await archive.mailbox.about(id)).toHaveLength(2);
  });

  it('cleans up after a delivery that it had only just refused', async () => {
    archive = await Archive.start({ failpoint: 'ingest.rejected-before-cleared' });
    const { parts = [], ...result } = results[1];
    const changed = { ...result, parts: parts.map((part) => ({ ...part, sha256: '0'.repeat(64) })) };
    const { id } = accepted(await archive.client.post(changed));
    expect(await archive.died()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await archive.unfinishedUploads()).toBe(1);
    await archive.launch();
    expect(await statesOf(archive, id)).toEqual(['accepted', 'rejected']);
    const running = archive;
    await waitFor('the upload to be gone', async () => (await running.unfinishedUploads()) === 0);
    expect(await archive.stored(result.project)).toEqual([]);
  });

  it('goes on after a kill that comes at no particular point', async () => {
    archive = await Archive.start();
    const running = archive;
    const posts = await Promise.all(results.map((result) => running.client.post(result)));
    await archive.kill();
    await archive.launch();
    for (const { id } of posts.map(accepted)) expect((await archive.client.settled(id)).state).toBe('notified');
    await expectOnce(
      archive,
      posts.map((post) => accepted(post).id),
    );
  });

  it('goes on after an orderly stop in the middle of its work', async () => {
    archive = await Archive.start();
    const running = archive;
    const posts = await Promise.all(results.map((result) => running.client.post(result)));
    expect(await archive.stop()).toEqual({ code: 0, signal: null });
    await archive.launch();
    for (const { id } of posts.map(accepted)) expect((await archive.client.settled(id)).state).toBe('notified');
    await expectOnce(
      archive,
      posts.map((post) => accepted(post).id),
    );
  });
});

/** The answer, or null when the archive died over it. */
async function postOrNothing(archive: Archive, result: (typeof results)[number]): Promise<Posted | null> {
  try {
    const posted = await archive.client.post(result);
    // In front of separate services, the gateway survives and answers 502.
    return posted.status === 502 ? null : posted;
  } catch (error) {
    if (!isBrokenConnection(error)) throw error;
    return null;
  }
}

function accepted(post: Posted): { id: string } {
  if (post.status !== 202 || !('result' in post)) throw new Error(`not accepted: ${JSON.stringify(post)}`);
  return post.result;
}

async function statesOf(archive: Archive, id: string): Promise<string[]> {
  return (await archive.client.settled(id)).history.map(({ state }) => state);
}

/** One delivery, one mail a recipient, one readiness, and every byte as it was sent. */
async function expectOnce(archive: Archive, ids: readonly string[]): Promise<void> {
  for (const [index, result] of results.entries()) {
    const id = ids[index] ?? '';
    const deliveries = await archive.client.deliveries(ousOf(result));
    expect(deliveries.map((delivery) => [delivery.id, delivery.state])).toEqual([[id, 'current']]);
    for (const { url, sha256: digest } of (await archive.client.delivery(id)).partList) {
      expect(sha256(await archive.client.download(url))).toBe(digest);
    }
    const mails = await archive.mailbox.about(id);
    expect(mails.map(({ to }) => to)).toEqual(['acannon@example.org', 'hleavitt@example.org']);
    expect((await archive.client.mails(ousOf(result))).map(({ state }) => state)).toEqual(['sent', 'sent']);
  }
  const { readiness } = await archive.client.group(results[0].group.uid);
  expect(readiness).toMatchObject([{ number: 1, withdrawn: null }]);
}

/** No unfinished upload, no object besides the deliveries', no message given up. */
async function expectNothingLeft(archive: Archive): Promise<void> {
  await waitFor('the uploads to be gone', async () => (await archive.unfinishedUploads()) === 0);
  const names = (await archive.stored(results[0].project)).map((key) => basename(key));
  const parts = samples.flatMap((sample) => [...sample.product_tars.map(({ name }) => name), 'manifest.jsonl']);
  expect(names.sort()).toEqual(parts.sort());
  const database = new Client({ connectionString: await archive.databaseUrl() });
  await database.connect();
  const { rows } = await database.query('SELECT reason FROM bus.dead_letter');
  await database.end();
  expect(rows).toEqual([]);
}
