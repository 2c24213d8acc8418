import { ousOf } from '@almagest/contracts';
import { waitFor } from '../../harness/wait-for';
import type { Archive } from './archive';
import type { Posted } from './archive-client';
import { sha256 } from './posting';
import { sampleDelivery, sampleResult } from './sample';

/** The results of both members of the sample's group. */
export const results = [sampleResult('member12m'), sampleResult('member7m')] as const;
export const samples = results.map((result) => sampleDelivery(ousOf(result)));

/** Returns the result that was just accepted. */
export function accepted(post: Posted): { id: string } {
  if (post.status !== 202 || !('result' in post)) throw new Error(`not accepted: ${JSON.stringify(post)}`);
  return post.result;
}

/** Returns the states of a result once it is settled. */
export async function statesOf(archive: Archive, id: string): Promise<string[]> {
  return waitFor(`the steps of ${id}`, async () => {
    const { state, history } = await archive.client.settled(id);
    const states = history.map((step) => step.state);
    // A message that a crash interrupted is retried, and may arrive after those that follow it.
    return state !== 'notified' || states.includes('stored') ? states : null;
  });
}

/** Expects one delivery, one mail for each recipient, one readiness, and every byte as it was posted. */
export async function expectOnce(archive: Archive, ids: readonly string[]): Promise<void> {
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
