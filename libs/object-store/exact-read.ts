import { Readable, Transform, addAbortSignal, finished } from 'node:stream';
import { ObjectStoreError } from './object-store.error';
import type { ByteRange } from './object-store.port';

const BUFFER_SIZE = 1024 * 1024;

/**
 * Passes on a store's bytes, exactly `length` of them: a source that ends early, goes on or breaks fails the result with
 * an ObjectStoreError. Whichever of the two is destroyed takes the other with it.
 */
export function exactly(
  source: Readable,
  length: number,
  toError: (error: unknown) => ObjectStoreError,
  signal?: AbortSignal,
): Readable {
  let seen = 0;
  const wrong = (): ObjectStoreError =>
    new ObjectStoreError('object-store.failed', `the store sent ${seen} bytes where ${length} were due`);
  const result = new Transform({
    highWaterMark: BUFFER_SIZE,
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
 * Lets a range through that can lie within an object.
 * @throws ObjectStoreError `object-store.bad-range`
 */
export function checkRange(range: ByteRange, size = Number.MAX_SAFE_INTEGER): ByteRange {
  const { start, end } = range;
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start < 0 || end < start || end >= size) throw badRange(range);
  return range;
}

/** Says that the object does not have these bytes. */
export function badRange({ start, end }: ByteRange, cause?: unknown): ObjectStoreError {
  return new ObjectStoreError('object-store.bad-range', `bytes ${start} to ${end} are not within the object`, {
    cause,
  });
}
