import { Readable } from 'node:stream';
import type { TarEntry, TarEntrySink } from '../tar-entry';
import { ZEROS } from '../tar-format';

/** Passes one member's stored bytes to its sink as logical content, with zeros for the holes of a sparse member. */
export class MemberContent {
  private left: number;
  private readonly expand: SparseExpansion | null;

  constructor(
    entry: TarEntry,
    private readonly sink: TarEntrySink | null,
  ) {
    this.left = entry.storedSize;
    this.expand = sink && entry.segments && new SparseExpansion(entry, sink);
  }

  /** Stored bytes that have not arrived yet. */
  get bytesLeft(): number {
    return this.left;
  }

  /** Takes the member's bytes from `bytes`, at most `bytesLeft`, and returns how many it took. */
  take(bytes: Buffer, from: number): number {
    const length = Math.min(this.left, bytes.length - from);
    this.left -= length;
    if (this.sink && length > 0) {
      const chunk = length === bytes.length ? bytes : bytes.subarray(from, from + length);
      if (this.expand) this.expand.stored(chunk);
      else this.sink.data(chunk);
    }
    return length;
  }

  end(): void {
    this.expand?.end();
    this.sink?.end();
  }
}

/** Expands the stored bytes of a sparse member, and keeps the position in its logical content. */
class SparseExpansion {
  private logical = 0;
  private index = 0;

  constructor(
    private readonly entry: TarEntry,
    private readonly sink: TarEntrySink,
  ) {}

  stored(bytes: Buffer): void {
    let from = 0;
    while (from < bytes.length) {
      const segment = this.entry.segments?.[this.index];
      if (!segment) throw new RangeError('more stored bytes than the sparse map lists');
      if (this.logical < segment.at) this.zerosTo(segment.at);
      const end = segment.at + segment.length;
      const length = Math.min(end - this.logical, bytes.length - from);
      this.sink.data(bytes.subarray(from, from + length));
      from += length;
      this.logical += length;
      if (this.logical === end) this.index++;
    }
  }

  end(): void {
    this.zerosTo(this.entry.size);
  }

  private zerosTo(end: number): void {
    while (this.logical < end) {
      const length = Math.min(end - this.logical, ZEROS.length);
      this.sink.data(ZEROS.subarray(0, length));
      this.logical += length;
    }
  }
}

/** A range of bytes, counted from 0; both ends are included. */
interface ByteRange {
  start: number;
  end: number;
}

/**
 * Returns a stream of the content of a member of a stored archive, or of a range of it. Stored bytes are read on
 * demand; the holes of a sparse member become zeros.
 * @param range of the member's logical content, within its size; empty when the end is before the start
 * @param read reads a range of the archive; its errors pass through
 */
export async function storedContent(
  { offset, segments }: Pick<TarEntry, 'offset' | 'segments'>,
  { start, end }: ByteRange,
  read: (stored: ByteRange) => Readable | Promise<Readable>,
): Promise<Readable> {
  if (end < start) return Readable.from([]);
  if (segments === null) return read({ start: offset + start, end: offset + end });
  return Readable.from(filled(segments, { start, end }, read), { objectMode: false });
}

async function* filled(
  segments: NonNullable<TarEntry['segments']>,
  { start, end }: ByteRange,
  read: (stored: ByteRange) => Readable | Promise<Readable>,
): AsyncGenerator<Buffer> {
  let at = start;
  for (const segment of segments) {
    const from = Math.max(at, segment.at);
    const to = Math.min(end, segment.at + segment.length - 1);
    if (to < from) continue;
    yield* zeros(from - at);
    const shift = segment.offset - segment.at;
    for await (const chunk of await read({ start: from + shift, end: to + shift })) yield chunk as Buffer;
    at = to + 1;
  }
  yield* zeros(end + 1 - at);
}

function* zeros(count: number): Generator<Buffer> {
  for (let left = count; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}
