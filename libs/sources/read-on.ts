import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { delayAfter, type RetryPolicy } from '@almagest/retry';
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

/** How often a place that fails is opened again within one run of the job. */
export interface ReopenPolicy extends RetryPolicy {
  /** Milliseconds without `progressBytes` after which an answer counts as broken off. */
  readonly silence: number;
  /** So many bytes are progress: the count of failed attempts begins at 0 again. */
  readonly progressBytes: number;
}

export const DEFAULT_REOPEN_POLICY: ReopenPolicy = {
  initialInterval: 1_000,
  backoffCoefficient: 2,
  maximumInterval: 8_000,
  maximumAttempts: 5,
  silence: 60_000,
  progressBytes: 1024 * 1024,
};

/**
 * Reads a place from the beginning. When it breaks off or falls silent, it is opened again at the next byte. Only the
 * time spent waiting for the place counts as silence, not the time that the consumer takes.
 * @throws SourceError, or the signal's reason
 */
export async function* readOn(
  place: Reopenable,
  signal: AbortSignal,
  policy: ReopenPolicy = DEFAULT_REOPEN_POLICY,
): AsyncGenerator<Uint8Array, void> {
  let at = 0;
  let settledAt = 0;
  let failures = 0;
  for (;;) {
    try {
      for await (const piece of answer(place, at, signal, policy)) {
        at += piece.length;
        yield piece;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (at - settledAt >= policy.progressBytes) failures = 0;
      settledAt = at;
      const mayPass = error instanceof SourceError && error.code === 'source.unavailable';
      const delay = mayPass ? delayAfter(policy, ++failures) : null;
      if (delay === null) throw error;
      await pause(delay, undefined, { signal });
    }
  }
}

/** One answer of the place, as long as it does not keep its reader waiting. */
async function* answer(
  place: Reopenable,
  from: number,
  signal: AbortSignal,
  { silence, progressBytes }: ReopenPolicy,
): AsyncGenerator<Uint8Array, void> {
  const line = new AbortController();
  const hangUp = (): void => line.abort();
  signal.addEventListener('abort', hangUp, { once: true });
  let timeLeft = silence;
  const wait = async <T>(forWhat: Promise<T>): Promise<T> => {
    const begun = performance.now();
    const timer = setTimeout(hangUp, timeLeft);
    try {
      return await forWhat;
    } finally {
      clearTimeout(timer);
      timeLeft -= performance.now() - begun;
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
      if (at - fineAt >= progressBytes) [timeLeft, fineAt] = [silence, at];
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
