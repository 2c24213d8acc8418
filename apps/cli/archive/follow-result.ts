import type { Qa2Status } from '@almagest/contracts';
import type { ArchiveClient } from './archive-client';
import { askPatiently, pauseFor } from './patience';

/** A step a QA2 result has taken. */
export type Step = Qa2Status['history'][number];

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
    await pauseFor(pause, signal);
    status = await askPatiently(() => client.qa2Status(posted.id), follower, signal);
  }
}
