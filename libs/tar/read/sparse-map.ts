import { TarError } from '../tar.error';
import type { TarSegment } from '../tar-entry';

/** Stretches of data as a sparse map lists them: [offset in the logical content, length], zero lengths included. */
export class SparseMap {
  private readonly stretches: [at: number, length: number][] = [];

  /** @param at archive offset of the map, for errors */
  constructor(
    private readonly at: number,
    private readonly maxSegments: number,
  ) {}

  get count(): number {
    return this.stretches.length;
  }

  /** @throws TarError `tar.oversize-metadata` */
  add(at: number, length: number): void {
    this.checkCount(this.stretches.length + 1);
    this.stretches.push([at, length]);
  }

  /** @throws TarError `tar.oversize-metadata` when a map of this many stretches is not allowed */
  checkCount(count: number): void {
    if (count <= this.maxSegments) return;
    const expected = `a sparse map of at most ${this.maxSegments} stretches`;
    throw new TarError('tar.oversize-metadata', { at: this.at, expected, found: 'more' });
  }

  /**
   * The stored stretches, laid out one after the other from `dataOffset` on.
   * @param size logical size of the member
   * @param stored data bytes that the archive holds for it
   * @throws TarError `tar.bad-sparse-map` unless they run forwards without overlap, end within `size` and add up to
   *   `stored`
   */
  layOut(size: number, dataOffset: number, stored: number): TarSegment[] {
    const segments: TarSegment[] = [];
    let logical = 0;
    let offset = dataOffset;
    for (const [at, length] of this.stretches) {
      if (at < logical) throw this.bad(`a stretch at ${logical} or later`, `one at ${at}`);
      if (at + length > size) throw this.bad(`a stretch ending within ${size} bytes`, `one ending at ${at + length}`);
      if (length > 0) segments.push({ at, offset, length });
      logical = at + length;
      offset += length;
    }
    const mapped = offset - dataOffset;
    if (mapped !== stored) throw this.bad(`stretches of ${stored} stored bytes in all`, `${mapped}`);
    return segments;
  }

  private bad(expected: string, found: string): TarError {
    return new TarError('tar.bad-sparse-map', { at: this.at, expected: `${expected} in the sparse map`, found });
  }
}
