/** What a committed offset says besides: how far a reader that may have died had begun. */
export interface Progress {
  /** The offset that was committed: everything before it has taken effect. */
  at: bigint;
  /** Runs of the message at that offset that were begun. */
  attempts: number;
  /** Messages up to this offset may have been begun. */
  begunUpTo: bigint;
}

/** The metadata to commit beside an offset. */
export function toMetadata({ attempts, begunUpTo }: Pick<Progress, 'attempts' | 'begunUpTo'>): string {
  return `attempts=${attempts} begun=${begunUpTo}`;
}

/** What stands beside a committed offset; nothing was begun when another hand committed it. */
export function progressOf(offset: string, metadata: string | null | undefined): Progress {
  const at = BigInt(offset);
  const said = /^attempts=(\d{1,9}) begun=(\d{1,19})$/.exec(metadata ?? '');
  return { at, attempts: Number(said?.[1] ?? 0), begunUpTo: said === null ? -1n : BigInt(said[2] as string) };
}

/** Which run of the message at `offset` is the next, as far as those before it are known: 1 at first. */
export function nextRun({ at, attempts }: Progress, offset: bigint): number {
  return offset === at ? attempts + 1 : 1;
}
