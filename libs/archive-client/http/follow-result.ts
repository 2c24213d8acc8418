import { setTimeout as delay } from 'node:timers/promises';
import type { Qa2Status } from '@almagest/contracts';
import { ArchiveClientError } from '../archive-client.error';
import type { ArchiveClient } from './archive-client';

/** How long an archive that does not answer is asked again, in ms: it may be restarting. */
const RETRY_FOR_MS = 20_000;
const RETRY_PAUSE_MS = 500;

/** Shortest and longest pause between two polls, in ms. */
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** A step a QA2 result has taken. */
export type Step = Qa2Status['history'][number];

/** Receives what `followResult` observes. */
export interface ResultFollower {
  /** Called once for each step; steps may arrive in another order than their times. */
  onStep(step: Step, status: Qa2Status): void;
  /** Called each time the archive does not answer. */
  onUnreachable(): void;
}

/**
 * Polls the state of a QA2 result until it is settled.
 * @throws ArchiveClientError; the reason of `signal` when it is aborted
 */
export async function followResult(
  client: Pick<ArchiveClient, 'qa2Status'>,
  posted: Qa2Status,
  follower: ResultFollower,
  signal: AbortSignal,
): Promise<Qa2Status> {
  const seen = new Set<string>();
  let status = posted;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.3)) {
    for (const step of status.history) {
      const key = `${step.state} ${step.at}`;
      if (!seen.has(key)) {
        follower.onStep(step, status);
        pause = SHORTEST_PAUSE_MS;
      }
      seen.add(key);
    }
    if (status.settled) return status;
    await pauseFor(pause, signal);
    status = await retryWhileUnreachable(() => client.qa2Status(posted.id), follower, signal);
  }
}

/**
 * Calls `ask`, and again for up to 20 s while the archive does not answer.
 * @throws ArchiveClientError; the reason of `signal` when it is aborted
 */
export async function retryWhileUnreachable<T>(
  ask: () => Promise<T>,
  follower: Pick<ResultFollower, 'onUnreachable'>,
  signal: AbortSignal,
): Promise<T> {
  for (const since = Date.now(); ;) {
    try {
      return await ask();
    } catch (error) {
      const isUnreachable = error instanceof ArchiveClientError && error.retryable;
      if (!isUnreachable || Date.now() - since > RETRY_FOR_MS) throw error;
      follower.onUnreachable();
      await pauseFor(RETRY_PAUSE_MS, signal);
    }
  }
}

/** Waits for some milliseconds. @throws the reason of `signal` when it is aborted */
export async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
}
