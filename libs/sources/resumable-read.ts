import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { abortable } from '@almagest/platform';
import { delayAfter, type RetryPolicy } from '@almagest/retry';
import { SourceError } from './source.error';

/** A stream of a file's bytes, with the position of its first byte and the size of the file. */
export interface Opening {
  begin: number;
  size: number;
  stream: Readable;
}

/** A file that can be opened again after a failure. */
export interface Reopenable {
  readonly location: string;
  /**
   * Opens the file at `from` or before. If `from` is not 0, it must be the same file as at the first opening.
   * @throws SourceError; after `source.unavailable` it is called again
   */
  openAt(from: number, signal: AbortSignal): Promise<Opening>;
}

/** How often a file is opened again after a failure, within one run of the job. */
export interface ReopenPolicy extends RetryPolicy {
  /**
   * Milliseconds without `progressBytes` after which the read fails: all attempts and the intervals between them
   * together. One attempt gets half of it, so that a connection that was lost silently can be replaced.
   */
  readonly silence: number;
  /** So many bytes are progress: the silence ends, and the count of failed attempts starts at 0 again. */
  readonly progressBytes: number;
  /** After so many bytes the silence may last `COSTLY_FACTOR` times as long: another run would read them all again. */
  readonly costlyBytes: number;
}

export const DEFAULT_REOPEN_POLICY: ReopenPolicy = {
  initialInterval: 1_000,
  backoffCoefficient: 2,
  maximumInterval: 8_000,
  maximumAttempts: 5,
  silence: 10_000,
  progressBytes: 256 * 1024,
  costlyBytes: 1024 ** 3,
};

const COSTLY_FACTOR = 6;

/**
 * Reads a file from its beginning. After an interruption or a time-out it opens the file again at the next byte. Only
 * the time spent waiting for the server counts towards the time-out, not the time that the consumer takes.
 * @throws SourceError, or the signal's reason
 */
export async function* readResumably(
  file: Reopenable,
  signal: AbortSignal,
  policy: ReopenPolicy = DEFAULT_REOPEN_POLICY,
): AsyncGenerator<Uint8Array, void> {
  const silence = new Silence(policy);
  let at = 0;
  let failedAt = 0;
  let failures = 0;
  for (;;) {
    try {
      for await (const piece of readOnce(file, at, signal, policy.progressBytes, silence)) {
        at += piece.length;
        yield piece;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (at - failedAt >= policy.progressBytes) failures = 0;
      failedAt = at;
      const isTemporary = error instanceof SourceError && error.code === 'source.unavailable';
      const delay = isTemporary ? delayAfter(policy, ++failures) : null;
      if (delay === null || delay >= silence.left) throw error;
      await pause(delay, undefined, { signal });
      silence.add(delay);
    }
  }
}

/** Measures how long a server has not made progress. */
class Silence {
  private lasted = 0;
  private most: number;

  constructor(private readonly policy: ReopenPolicy) {
    this.most = policy.silence;
  }

  /** Milliseconds until the read fails. */
  get left(): number {
    return this.most - this.lasted;
  }

  /** Milliseconds that one attempt may be silent. */
  get ofAttempt(): number {
    return this.most / 2;
  }

  add(milliseconds: number): void {
    this.lasted += milliseconds;
  }

  /** @param at the next byte */
  end(at: number): void {
    this.lasted = 0;
    if (at >= this.policy.costlyBytes) this.most = this.policy.silence * COSTLY_FACTOR;
  }
}

/** Opens the file once and reads it from `from` on, until its end, a failure or a time-out. */
async function* readOnce(
  file: Reopenable,
  from: number,
  signal: AbortSignal,
  progressBytes: number,
  silence: Silence,
): AsyncGenerator<Uint8Array, void> {
  const attempt = new AbortController();
  const abortAttempt = (): void => attempt.abort();
  signal.addEventListener('abort', abortAttempt, { once: true });
  let timeLeft = silence.ofAttempt;
  const withinTime = async <T>(pending: Promise<T>): Promise<T> => {
    const begun = performance.now();
    const timer = setTimeout(abortAttempt, Math.min(timeLeft, silence.left));
    try {
      return await pending;
    } finally {
      clearTimeout(timer);
      const waited = performance.now() - begun;
      timeLeft -= waited;
      silence.add(waited);
    }
  };
  let at = from;
  let stream: Readable | undefined;
  try {
    const opening = await withinTime(
      abortable(file.openAt(from, attempt.signal), attempt.signal, (late) => late.stream.destroy()),
    );
    stream = addAbortSignal(attempt.signal, opening.stream);
    at = opening.begin;
    let progressAt = at;
    const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
    for (let next = await withinTime(pieces.next()); !next.done; next = await withinTime(pieces.next())) {
      const fresh = next.value.subarray(Math.max(0, from - at));
      at += next.value.length;
      if (at - progressAt >= progressBytes) {
        silence.end(at);
        [timeLeft, progressAt] = [silence.ofAttempt, at];
      }
      if (fresh.length > 0) yield fresh;
    }
    if (at < opening.size) throw interrupted(file, at, `expected ${opening.size} bytes`);
  } catch (error) {
    if (error instanceof SourceError && !attempt.signal.aborted) throw error;
    const isSilence = attempt.signal.aborted;
    throw interrupted(file, at, isSilence ? 'timed out' : 'the connection was lost', error, isSilence);
  } finally {
    signal.removeEventListener('abort', abortAttempt);
    stream?.destroy();
  }
}

function interrupted(
  { location }: Reopenable,
  at: number,
  why: string,
  cause?: unknown,
  isSilence = false,
): SourceError {
  const message = `${location} was interrupted after ${at} bytes: ${why}`;
  return new SourceError('source.unavailable', message, { cause, isSilence });
}
