import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { SourceError } from './source.error';

/** A stream of a file's bytes: which byte it begins with, and how many the file has. */
export interface Opening {
  begin: number;
  size: number;
  stream: Readable;
}

/** A place whose bytes can be had from any of them on. */
export interface Reopenable {
  readonly location: string;
  /**
   * The bytes from `from` on, or from an earlier one: beyond 0, of exactly the file that the first opening began.
   * @throws SourceError; after `source.unavailable` it is asked again
   */
  openAt(from: number, signal: AbortSignal): Promise<Opening>;
}

/** How long a place in trouble is borne within one run of the job. */
export interface Endurance {
  /** Troubles, with fewer than `enough` bytes between one and the next, until the run fails. */
  troubles: number;
  /** Milliseconds before the second try; doubled for each further one. */
  firstPause: number;
  /** Milliseconds that may be waited for `enough` bytes. */
  silence: number;
  enough: number;
}

export const DEFAULT_ENDURANCE: Endurance = { troubles: 5, firstPause: 1_000, silence: 60_000, enough: 1024 * 1024 };

/**
 * Reads a place from the beginning. Where it breaks off or falls silent it is opened again at the very byte. The time
 * that the consumer takes is not held against it.
 * @throws SourceError, or the signal's reason
 */
export async function* readOn(
  place: Reopenable,
  signal: AbortSignal,
  endurance: Endurance = DEFAULT_ENDURANCE,
): AsyncGenerator<Uint8Array, void> {
  let at = 0;
  let settledAt = 0;
  let troubles = 0;
  for (;;) {
    try {
      for await (const piece of answer(place, at, signal, endurance)) {
        at += piece.length;
        yield piece;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (at - settledAt >= endurance.enough) troubles = 0;
      settledAt = at;
      const mayPass = error instanceof SourceError && error.code === 'source.unavailable';
      if (!mayPass || ++troubles === endurance.troubles) throw error;
      await pause(endurance.firstPause * 2 ** (troubles - 1), undefined, { signal });
    }
  }
}

/** One answer of the place, as long as it does not keep its reader waiting. */
async function* answer(
  place: Reopenable,
  from: number,
  signal: AbortSignal,
  { silence, enough }: Endurance,
): AsyncGenerator<Uint8Array, void> {
  const line = new AbortController();
  const hangUp = (): void => line.abort();
  signal.addEventListener('abort', hangUp, { once: true });
  let patience = silence;
  const wait = async <T>(forWhat: Promise<T>): Promise<T> => {
    const begun = performance.now();
    const timer = setTimeout(hangUp, patience);
    try {
      return await forWhat;
    } finally {
      clearTimeout(timer);
      patience -= performance.now() - begun;
    }
  };
  let at = from;
  let stream: Readable | undefined;
  try {
    const opening = await wait(unlessHungUp(place.openAt(from, line.signal), line.signal));
    stream = addAbortSignal(line.signal, opening.stream);
    at = opening.begin;
    let fineAt = at;
    const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
    for (let next = await wait(pieces.next()); !next.done; next = await wait(pieces.next())) {
      const fresh = next.value.subarray(Math.max(0, from - at));
      at += next.value.length;
      if (at - fineAt >= enough) [patience, fineAt] = [silence, at];
      if (fresh.length > 0) yield fresh;
    }
    if (at < opening.size) throw brokeOff(place, at, `${opening.size} were due`);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw brokeOff(place, at, line.signal.aborted ? 'it fell silent' : 'the connection was lost', error);
  } finally {
    signal.removeEventListener('abort', hangUp);
    stream?.destroy();
  }
}

/** What is opened, unless the line is hung up before; then it is let go when it comes. */
async function unlessHungUp(opening: Promise<Opening>, line: AbortSignal): Promise<Opening> {
  return new Promise((resolve, reject) => {
    const give = (): void => {
      reject(new Error('hung up'));
      opening.then(
        ({ stream }) => stream.destroy(),
        () => undefined,
      );
    };
    line.addEventListener('abort', give, { once: true });
    opening.then(resolve, reject).finally(() => line.removeEventListener('abort', give));
  });
}

function brokeOff({ location }: Reopenable, at: number, why: string, cause?: unknown): SourceError {
  return new SourceError('source.unavailable', `${location} broke off after ${at} bytes: ${why}`, { cause });
}
