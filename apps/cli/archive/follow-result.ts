import { setTimeout as delay } from 'node:timers/promises';
import type { Qa2Status } from '@almagest/contracts';
import { isCliError } from '../cli.error';
import type { ArchiveClient } from './archive-client';

/** A step a QA2 result has taken. */
export type Step = Qa2Status['history'][number];

/** An archive that does not answer is asked again for this long: it may be starting anew. */
const PATIENCE_MS = 20_000;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

export interface Follower {
  /** A step that was not told before; steps may come in another order than their times. */
  onStep(step: Step, status: Qa2Status): void;
  /** The archive does not answer now. */
  onSilence(): void;
}

/**
 * Asks for the state of a QA2 result until nothing more will happen to it.
 * @throws CliError; the reason of `signal` when it is aborted
 */
export async function followResult(
  client: Pick<ArchiveClient, 'qa2Status'>,
  posted: Qa2Status,
  follower: Follower,
  signal: AbortSignal,
): Promise<Qa2Status> {
  const told = new Set<string>();
  let status = posted;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.3)) {
    for (const step of status.history) {
      const key = `${step.state} ${step.at}`;
      if (!told.has(key)) {
        follower.onStep(step, status);
        pause = SHORTEST_PAUSE_MS;
      }
      told.add(key);
    }
    if (status.settled) return status;
    await wait(pause, signal);
    status = await ask(client, status.id, follower, signal);
  }
}

async function ask(
  client: Pick<ArchiveClient, 'qa2Status'>,
  id: string,
  follower: Follower,
  signal: AbortSignal,
): Promise<Qa2Status> {
  for (const since = Date.now(); ;) {
    try {
      return await client.qa2Status(id);
    } catch (error) {
      if (!isCliError(error, 'cli.archive-unreachable') || Date.now() - since > PATIENCE_MS) throw error;
      follower.onSilence();
      await wait(LONGEST_PAUSE_MS / 4, signal);
    }
  }
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
}
