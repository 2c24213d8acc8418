import { Readable, Transform, addAbortSignal, finished } from 'node:stream';
import type { ByteRange } from '@almagest/contracts';
import { checkKey } from './object-key';
import { ObjectStoreError } from './object-store.error';
import type { ReadOptions } from './object-store.port';

/**
 * Checks the arguments of a read, before the size of the object is known.
 * @throws ObjectStoreError `object-store.bad-key`, `object-store.bad-range`; the signal's reason
 */
export function checkRead(key: string, { range, signal }: ReadOptions): void {
  checkKey(key);
  if (range !== undefined) checkRange(range);
  signal?.throwIfAborted();
}

/**
 * Passes on exactly `length` bytes of a store. The result fails with an ObjectStoreError when the source ends early,
 * sends more, or fails. Destroying either stream destroys the other.
 */
export function exactly(
  source: Readable,
  length: number,
  toError: (error: unknown) => ObjectStoreError,
  signal?: AbortSignal,
): Readable {
  let seen = 0;
  const wrong = (): ObjectStoreError =>
    new ObjectStoreError('object-store.failed', `the store sent ${seen} bytes, expected ${length}`);
  const result = new Transform({
    // One piece at a time: there are as many of these streams as there are clients that read slowly.
    highWaterMark: 1,
    transform(bytes: Buffer, _encoding, done): void {
      seen += bytes.length;
      if (seen > length) done(wrong());
      else done(null, bytes);
    },
    flush(done): void {
      done(seen === length ? null : wrong());
    },
  });
  finished(source, { writable: false }, (error) => {
    if (error) result.destroy(toError(error));
  });
  result.once('close', () => source.destroy());
  source.pipe(result);
  return signal === undefined ? result : addAbortSignal(signal, result);
}

/**
 * Returns the range if an object of this size has it.
 * @throws ObjectStoreError `object-store.bad-range`
 */
export function checkRange(range: ByteRange, size = Number.MAX_SAFE_INTEGER): ByteRange {
  const { start, end } = range;
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start < 0 || end < start || end >= size) throw badRange(range);
  return range;
}

/** Returns the error for a range that the object does not have. */
export function badRange({ start, end }: ByteRange, cause?: unknown): ObjectStoreError {
  return new ObjectStoreError('object-store.bad-range', `bytes ${start} to ${end} are not within the object`, {
    cause,
  });
}
