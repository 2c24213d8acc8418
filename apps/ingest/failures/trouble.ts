import { ObjectStoreError, type ObjectStoreErrorCode } from '@almagest/object-store';
import { SourceError } from '@almagest/sources';
import { TarError } from '@almagest/tar';
import { OverlongPart } from '../storing/part-order';

/** Why a run of the job failed, and what follows from it. */
export interface Trouble {
  /** Who must act: who posted the delivery, or who runs the archive. */
  fault: 'source' | 'archive';
  /** Such failures after which the delivery is refused; never for what is not its fault. */
  tries: number;
  /** Seconds to wait after the first, second ... failure; the last one also after all further ones. */
  waits: readonly number[];
}

const SOON = [2, 8];
/** Together about an hour and a half. */
const LATE = [10, 30, 90, 300, 900, 1800, 1800];
/** For ever: a store that has room again is noticed within five minutes. */
const ARCHIVE: Trouble = { fault: 'archive', tries: Infinity, waits: [5, 10, 20, 40, 80, 160, 300] };

/** The store was asked for something that was taken away under the job's feet; another run begins anew. */
const TAKEN_AWAY: readonly ObjectStoreErrorCode[] = [
  'object-store.not-found',
  'object-store.upload-not-found',
  'object-store.chunk-missing',
];

/**
 * Tells the delivery's own trouble, which is borne for a while, from the archive's, which never counts against it.
 * Whatever is not known to come from a source is the archive's: its database, its store, its own mistake.
 */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof SourceError) return ofSource(error.tries);
  if (error instanceof TarError) return ofSource(error.retryable ? SOON.length + 1 : 1);
  if (error instanceof OverlongPart) return ofSource(1);
  const isRefusal = error instanceof ObjectStoreError && error.fault === 'caller' && !TAKEN_AWAY.includes(error.code);
  return isRefusal ? ofSource(1) : ARCHIVE;
}

/** Seconds until the next run, after that many failures of this kind. */
export function waitAfter({ waits }: Trouble, failures: number): number {
  return waits[Math.min(failures, waits.length) - 1] ?? 0;
}

function ofSource(tries: number): Trouble {
  return { fault: 'source', tries, waits: tries > SOON.length + 1 ? LATE : SOON };
}
