import type { BufferCycle } from '@almagest/object-store';
import type { SourceReader } from '@almagest/sources';
import { PartTooLongError } from '../ingest.error';
import type { PartOrder } from './part-order';

/** A chunk of the part, all of which has been read. */
export interface PartChunk {
  /** Its place, from 1. */
  number: number;
  /** What it lies in, from the beginning; to be released when it is done with. */
  buffer: Buffer;
  bytes: Buffer;
}

/**
 * Reads a part into buffers, a chunk each; the next chunk is read while one is worked on.
 * @throws SourceError, PartTooLongError, the signal's reason, or the failure of work on a chunk
 */
export async function* inChunks(
  order: PartOrder,
  buffers: BufferCycle,
  signal: AbortSignal,
): AsyncGenerator<PartChunk, void> {
  const stop = new AbortController();
  const reader = await order.source.open(AbortSignal.any([signal, stop.signal]));
  const part = new PartInChunks(reader, order.size, buffers);
  let next = part.next();
  try {
    for (let chunk = await next; chunk !== null; chunk = await next) {
      next = part.next();
      // It may fail before it is waited for.
      next.catch(() => undefined);
      yield chunk;
    }
    if (await part.goesOn()) throw new PartTooLongError(order);
  } finally {
    // Nobody may read into the buffers any more when they are given back.
    stop.abort(new Error('the part is not read on'));
    await next.catch(() => undefined);
    await reader.close();
  }
}

/** How far a part has been read. */
class PartInChunks {
  private read = 0;
  private hasEnded = false;
  private number = 0;

  constructor(
    private readonly reader: SourceReader,
    private readonly size: number,
    private readonly buffers: BufferCycle,
  ) {}

  /** Reads the next chunk; null behind the last. */
  async next(): Promise<PartChunk | null> {
    if (this.hasEnded || this.read === this.size) return null;
    const buffer = await this.buffers.next();
    const room = Math.min(buffer.length, this.size - this.read);
    const length = await this.reader.read(buffer.subarray(0, room));
    this.hasEnded = length < room;
    this.read += length;
    if (length > 0) return { number: (this.number += 1), buffer, bytes: buffer.subarray(0, length) };
    // The source has ended where a chunk had.
    this.buffers.release(buffer, Promise.resolve());
    return null;
  }

  /** Is there more behind the size that was announced? */
  async goesOn(): Promise<boolean> {
    return !this.hasEnded && (await this.reader.read(Buffer.alloc(1))) > 0;
  }
}
