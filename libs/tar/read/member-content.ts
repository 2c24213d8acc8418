import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { TarEntry, TarEntrySink, TarSegment } from '../tar-entry';
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

  /** True when a hole comes next. */
  get isInHole(): boolean {
    return this.expand !== null && this.expand.holeLeft > 0;
  }

  /**
   * Takes the member's next bytes from `bytes`, and returns how many it took, at most `bytesLeft`: none in a hole, of
   * which it passes the next piece of at most `ZEROS.length` bytes.
   */
  take(bytes: Buffer, from: number): number {
    if (this.isInHole) {
      this.expand?.zeros();
      return 0;
    }
    const length = Math.min(this.left, bytes.length - from, this.expand?.segmentLeft ?? this.left);
    this.left -= length;
    if (this.sink && length > 0) {
      const chunk = length === bytes.length ? bytes : bytes.subarray(from, from + length);
      if (this.expand) this.expand.stored(chunk);
      else this.sink.data(chunk);
    }
    return length;
  }

  end(): void {
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

  /** Bytes of the hole at this position; 0 when it is in a stored segment, or at the end. */
  get holeLeft(): number {
    return Math.max(0, (this.segment?.at ?? this.entry.size) - this.logical);
  }

  /** Bytes from this position, which is in no hole, to the end of its stored segment. */
  get segmentLeft(): number {
    const { segment } = this;
    return segment === undefined ? 0 : segment.at + segment.length - this.logical;
  }

  /** @param bytes within the segment */
  stored(bytes: Buffer): void {
    this.sink.data(bytes);
    this.logical += bytes.length;
    if (this.segmentLeft === 0) this.index++;
  }

  zeros(): void {
    const length = Math.min(this.holeLeft, ZEROS.length);
    this.sink.data(ZEROS.subarray(0, length));
    this.logical += length;
  }

  private get segment(): TarSegment | undefined {
    return this.entry.segments?.[this.index];
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

/** No reading makes a hole wait, and its reader may only compute: other work of the process gets a turn between pieces. */
async function* zeros(count: number): AsyncGenerator<Buffer> {
  for (let left = count; left > 0; left -= ZEROS.length) {
    yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
    await turn();
  }
}
