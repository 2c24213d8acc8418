import type { Qa2Status } from '@almagest/contracts';

/** The exit codes of the `almagest` command. `up` ends with the exit code of the archive instead. */
export const EXIT = {
  ok: 0,
  /** The archive refused something, or a delivery was rejected or its mail failed. */
  refused: 1,
  /** Wrong usage, or input that cannot be read. */
  usage: 2,
  /** No archive can be reached. */
  unreachable: 3,
  /** The local disk is full or not writable. */
  disk: 4,
  /** An internal error: the command ended without a result, as a promise never settled (sysexits' EX_SOFTWARE). */
  noResult: 70,
  interrupted: 130,
} as const;

/** Returns the exit code for a QA2 result: 1 when it is rejected or the archive gave up sending a mail about it. */
export function exitCodeOf({ state }: Pick<Qa2Status, 'state'>): number {
  return state === 'rejected' || state === 'mail-failed' ? EXIT.refused : EXIT.ok;
}

/** Returns the exit code of a child process as a shell does: 128 plus the signal's number when a signal ended it. */
export function exitCodeOfChild(code: number | null, signalNumber: number | undefined): number {
  return code ?? 128 + (signalNumber ?? 0);
}
