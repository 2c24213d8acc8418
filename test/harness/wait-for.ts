import { setTimeout as pause } from 'node:timers/promises';

/** Multiplies every time limit of the tests (`TEST_PATIENCE`, default 1). Raise it on a slow machine. */
export const TIME_LIMIT_FACTOR = Number(process.env['TEST_PATIENCE'] ?? 1);

/** Only ends a wait that would never end. */
const LIMIT_MS = 120_000 * TIME_LIMIT_FACTOR;
const POLL_INTERVAL_MS = 20;

/**
 * Polls until `probe` returns a value other than null, undefined or false, and returns it.
 * @throws Error naming `what`, when there is no value within two minutes times `TEST_PATIENCE`
 */
export async function waitFor<T>(what: string, probe: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`timed out after ${LIMIT_MS / 1000} s waiting for ${what}`);
    await pause(POLL_INTERVAL_MS);
  }
}
