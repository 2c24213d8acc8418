import { setTimeout as pause } from 'node:timers/promises';

/** Every time limit of the tests is multiplied by this (`TEST_PATIENCE`, default 1): raise it on a slow machine. */
export const PATIENCE = Number(process.env['TEST_PATIENCE'] ?? 1);

/** Generous: it only ends a wait that would never end. */
const LIMIT_MS = 120_000 * PATIENCE;
const POLL_INTERVAL_MS = 20;

/**
 * Polls until `look` returns something, and returns that.
 * @throws Error naming what it waited for, when nothing comes within two minutes times `TEST_PATIENCE`
 */
export async function waitFor<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`timed out after ${LIMIT_MS / 1000} s waiting for ${what}`);
    await pause(POLL_INTERVAL_MS);
  }
}
