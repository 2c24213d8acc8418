import type { BufferCycle } from '@almagest/object-store';
import type { SourceReader } from '@almagest/sources';
import { OverlongPart, type PartOrder } from './part-order';

/** Bytes that are read and worked on at a time, at most. */
const PIECE = 2 * 1024 * 1024;

/** A chunk of the part, all of which has been read. */
export interface WholeChunk {
  /** Its place, from 1. */
  number: number;
  buffer: Buffer;
  /** Bytes at the beginning of the buffer. */
  length: number;
}

/** The next bytes of a part, where they lie in the memory of their chunk. */
export interface Piece {
  bytes: Buffer;
  /** The chunk whose last bytes these are, if they are; its buffer is to be released when it is done with. */
  chunk: WholeChunk | null;
}

/**
 * Reads a part into the buffers of its chunks; the next piece is read while one is worked on.
 * @throws SourceError, OverlongPart, the signal's reason, or the failure of work on a chunk
 */
export async function* inPieces(
  order: PartOrder,
  buffers: BufferCycle,
  signal: AbortSignal,
): AsyncGenerator<Piece, void> {
  const stop = new AbortController();
  const reader = await order.source.open(AbortSignal.any([signal, stop.signal]));
  const part = new PartInChunks(reader, order.size, buffers);
  let next = part.next();
  try {
    for (let piece = await next; piece !== null; piece = await next) {
      next = part.next();
      // It may fail before it is waited for.
      next.catch(() => undefined);
      yield piece;
    }
    if (await part.goesOn()) throw new OverlongPart(order);
  } finally {
    // Nobody may read into the buffers any more when they are given back.
    stop.abort(new Error('the part is not read on'));
    await next.catch(() => undefined);
    await reader.close();
  }
}

/** How far a part has been read, and into what. */
class PartInChunks {
  private read = 0;
  private hasEnded = false;
  private number = 0;
  private chunk: Buffer | undefined;
  private filled = 0;

  constructor(
    private readonly reader: SourceReader,
    private readonly size: number,
    private readonly buffers: BufferCycle,
  ) {}

  /** Reads the next piece; null behind the last. */
  async next(): Promise<Piece | null> {
    if (this.hasEnded || this.read === this.size) return null;
    this.chunk ??= await this.buffers.next();
    const room = Math.min(PIECE, this.chunk.length - this.filled, this.size - this.read);
    const into = this.chunk.subarray(this.filled, this.filled + room);
    const length = await this.reader.read(into);
    this.hasEnded = length < room;
    this.read += length;
    this.filled += length;
    if (this.filled === 0) {
      // The source has ended where a chunk had.
      this.buffers.release(this.chunk, Promise.resolve());
      return null;
    }
    const isWhole = this.hasEnded || this.read === this.size || this.filled === this.chunk.length;
    return { bytes: into.subarray(0, length), chunk: isWhole ? this.endChunk(this.chunk) : null };
  }

  /** Is there more behind the size that was announced? */
  async goesOn(): Promise<boolean> {
    return !this.hasEnded && (await this.reader.read(Buffer.alloc(1))) > 0;
  }

  private endChunk(buffer: Buffer): WholeChunk {
    const chunk = { number: (this.number += 1), buffer, length: this.filled };
    this.chunk = undefined;
    this.filled = 0;
    return chunk;
  }
}
