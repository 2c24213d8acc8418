import { ZEROS } from '../blocks';
import type { TarEntry, TarEntrySink } from '../tar-entry';

/** Hands one member's stored bytes on to its sink as logical content, with zeros for the holes of a sparse member. */
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

  /** Stored bytes still to come. */
  get bytesLeft(): number {
    return this.left;
  }

  /** Takes what belongs to the member from `bytes`, at most `bytesLeft`; gives how many bytes that was. */
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

/** Where the logical content of a sparse member has got to. */
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
      if (!segment) throw new RangeError('more stored bytes than the sparse map holds');
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
