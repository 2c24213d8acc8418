import type { Qa2Status } from '@almagest/contracts';

/** What the `almagest` command ends with. `up` alone ends with the archive's own code. */
export const EXIT = {
  ok: 0,
  /** The archive refused something, or a delivery was rejected or its mail failed. */
  refused: 1,
  /** Wrong usage, or input that cannot be read. */
  usage: 2,
  /** No archive can be reached. */
  unreachable: 3,
  /** This machine's disk is full, or may not be written. */
  disk: 4,
  interrupted: 130,
} as const;

/** The exit code that tells how a QA2 result fares: 1 once it is rejected or a mail about it was given up. */
export function exitCodeOf({ state }: Pick<Qa2Status, 'state'>): number {
  return state === 'rejected' || state === 'mail-failed' ? EXIT.refused : EXIT.ok;
}

/** The exit code of a child process as a shell gives it: 128 and the signal's number when a signal ended it. */
export function exitCodeOfChild(code: number | null, signalNumber: number | undefined): number {
  return code ?? 128 + (signalNumber ?? 0);
}
