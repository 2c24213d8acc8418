import { setTimeout as delay } from 'node:timers/promises';
import { isCliError } from '../cli.error';

/** An archive that does not answer is asked again for this long: it may be starting anew. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 500;

/**
 * Asks an archive, again and again while it does not answer.
 * @throws CliError; the reason of `signal` when it is aborted
 */
export async function askPatiently<T>(
  ask: () => Promise<T>,
  follower: { onSilence(): void },
  signal: AbortSignal,
): Promise<T> {
  for (const since = Date.now(); ;) {
    try {
      return await ask();
    } catch (error) {
      if (!isCliError(error, 'cli.archive-unreachable') || Date.now() - since > PATIENCE_MS) throw error;
      follower.onSilence();
      await pauseFor(PAUSE_MS, signal);
    }
  }
}

/** @throws the reason of `signal` when it is aborted */
export async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
}
