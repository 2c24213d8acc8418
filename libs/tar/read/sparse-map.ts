import type { PaxRecord } from '../pax-records';
import type { TarSegment } from '../tar-entry';
import { BLOCK, type TarLimits } from '../tar-format';
import { quote, TarError } from '../tar.error';
import { checkSize, fieldText, readNumericField } from './header-block';

const NEWLINE = 0x0a;
const ZERO = 0x30;
/** 2^53 - 1 has this many digits. */
const MAX_DIGITS = 16;

/** Where GNU tar's old format (type `S`) has segments: four in the header, 21 in each extension block. */
const IN_HEADER = { start: 386, count: 4, more: 482 };
const IN_EXTENSION = { start: 0, count: 21, more: 504 };
const LOGICAL_SIZE = 483;
const FIELD = 12;

/** Segments of data as a sparse map lists them: [offset in the logical content, length], empty ones included. */
export class SparseMap {
  private readonly entries: [at: number, length: number][] = [];

  /** @param at archive offset of the map, for errors */
  constructor(
    private readonly at: number,
    private readonly maxSegments: number,
  ) {}

  get count(): number {
    return this.entries.length;
  }

  /** @throws TarError `tar.oversize-metadata` */
  add(at: number, length: number): void {
    this.checkCount(this.entries.length + 1);
    this.entries.push([at, length]);
  }

  /** @throws TarError `tar.oversize-metadata` when a map of this many segments exceeds the limit */
  checkCount(count: number): void {
    if (count <= this.maxSegments) return;
    const expected = `a sparse map of at most ${this.maxSegments} segments`;
    throw new TarError('tar.oversize-metadata', { at: this.at, expected, found: 'more' });
  }

  /**
   * Returns the stored segments, which follow each other in the archive from `dataOffset` on.
   * @param size logical size of the member
   * @param stored data bytes of the member in the archive
   * @throws TarError `tar.bad-sparse-map` unless the segments are in order, do not overlap, end within `size` and add
   *   up to `stored`
   */
  layOut(size: number, dataOffset: number, stored: number): TarSegment[] {
    const segments: TarSegment[] = [];
    let logical = 0;
    let offset = dataOffset;
    for (const [at, length] of this.entries) {
      if (at < logical) throw badMap(this.at, `a segment at byte ${logical} or later`, `one at byte ${at}`);
      if (at + length > size) {
        throw badMap(this.at, `a segment that ends within ${size} bytes`, `one that ends at byte ${at + length}`);
      }
      if (length > 0) segments.push({ at, offset, length });
      logical = at + length;
      offset += length;
    }
    const mapped = offset - dataOffset;
    if (mapped !== stored) throw badMap(this.at, `segments of ${stored} bytes in total`, `${mapped} bytes`);
    return segments;
  }
}

/** Reads the logical size from the header of a sparse member in GNU tar's old format. */
export function gnuLogicalSize(header: Buffer, at: number): number {
  return sizeField(header, LOGICAL_SIZE, at);
}

/** Adds the header's segments to the map. Returns true when an extension block follows. */
export function readHeaderSegments(header: Buffer, at: number, map: SparseMap): boolean {
  return readSegments(header, at, map, IN_HEADER);
}

/** Adds an extension block's segments to the map. Returns true when another block follows. */
export function readExtensionSegments(block: Buffer, at: number, map: SparseMap): boolean {
  return readSegments(block, at, map, IN_EXTENSION);
}

function readSegments(block: Buffer, at: number, map: SparseMap, place: typeof IN_HEADER): boolean {
  for (let i = 0; i < place.count; i++) {
    const start = place.start + i * 2 * FIELD;
    // The list ends at the first segment whose length field is empty; a length of "0" in digits is a segment.
    if (block[start + FIELD] === 0) break;
    map.add(sizeField(block, start, at), sizeField(block, start + FIELD, at));
  }
  return block[place.more] !== 0;
}

function sizeField(block: Buffer, start: number, at: number): number {
  return checkSize(readNumericField(block, start, FIELD), at + start, () => fieldText(block, start, FIELD));
}

/** The `GNU.sparse.*` keywords of a pax header. Formats 0.0 and 0.1 contain the map; 1.0 stores it with the data. */
export interface PaxSparse {
  size: number;
  /** Null when the map is stored in front of the data. */
  map: SparseMap | null;
}

const PAX_PREFIX = 'GNU.sparse.';
/** The member's name in formats 0.1 and 1.0, whose header has a generated one. */
export const SPARSE_NAME = `${PAX_PREFIX}name`;

export function isSparseKeyword(keyword: string): boolean {
  return keyword.startsWith(PAX_PREFIX) && keyword !== SPARSE_NAME;
}

/**
 * Reads the sparse keywords of one pax header; returns null when it has none.
 * @param at archive offset of the header's body
 * @throws TarError `tar.bad-sparse-map`, `tar.oversize-metadata`
 */
export function readPaxSparse(all: readonly PaxRecord[], at: number, limits: TarLimits): PaxSparse | null {
  const records = all.filter((record) => isSparseKeyword(record.keyword));
  if (records.length === 0) return null;
  const last = new Map(
    records.map(({ keyword, value }) => [keyword.slice(PAX_PREFIX.length), value.toString('latin1')]),
  );
  const size = decimal(last.get('realsize') ?? last.get('size') ?? '', at);
  const version = `${last.get('major') ?? '0'}.${last.get('minor') ?? '0'}`;
  if (version === '1.0') return { size, map: null };
  if (version !== '0.0' && version !== '0.1') {
    throw badMap(at, 'format 0.0, 0.1 or 1.0', quote(version));
  }
  const map = new SparseMap(at, limits.maxSparseSegments);
  const list = last.get('map');
  if (list) addPairs(list.split(','), map, at);
  else addPairs(repeatedPairs(records, at), map, at);
  const count = last.get('numblocks');
  if (count !== undefined && decimal(count, at) !== map.count) {
    throw badMap(at, `${count} segments`, `${map.count} segments`);
  }
  return { size, map };
}

/** Format 0.0: records of `offset` and `numbytes` alternate. */
function repeatedPairs(records: readonly PaxRecord[], at: number): string[] {
  const pairs = records.filter(
    ({ keyword }) => keyword === `${PAX_PREFIX}offset` || keyword === `${PAX_PREFIX}numbytes`,
  );
  for (const [i, { keyword }] of pairs.entries()) {
    const expected = `${PAX_PREFIX}${i % 2 === 0 ? 'offset' : 'numbytes'}`;
    if (keyword !== expected) throw badMap(at, expected, keyword);
  }
  return pairs.map(({ value }) => value.toString('latin1'));
}

function addPairs(numbers: readonly string[], map: SparseMap, at: number): void {
  if (numbers.length % 2 !== 0) {
    throw badMap(at, 'an offset and a length for every segment', 'an offset without a length');
  }
  for (let i = 0; i < numbers.length; i += 2) {
    map.add(decimal(numbers[i] ?? '', at), decimal(numbers[i + 1] ?? '', at));
  }
}

function decimal(text: string, at: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw badMap(at, 'a number from 0 to 2^53 - 1', quote(text.slice(0, 40)));
  return value;
}

/**
 * Reads the sparse map that GNU tar's pax format 1.0 stores in front of the data: decimal numbers, each followed by a
 * newline (the count, then offset and length of every segment), padded to a block boundary.
 */
export class PaxSparseMapReader {
  private readonly map: SparseMap;
  private numbersLeft: number | null = null;
  private number = 0;
  private digits = 0;
  private segmentAt: number | null = null;

  /** @param at archive offset of the map */
  constructor(
    private readonly at: number,
    maxSegments: number,
  ) {
    this.map = new SparseMap(at, maxSegments);
  }

  /**
   * Reads the next block of the map; returns the map when this was its last block.
   * @throws TarError `tar.bad-sparse-map`, `tar.oversize-metadata`
   */
  add(block: Buffer): SparseMap | null {
    for (let i = 0; i < BLOCK && this.numbersLeft !== 0; i++) {
      const byte = block[i] ?? 0;
      if (byte === NEWLINE) this.endNumber();
      else this.addDigit(byte - ZERO);
    }
    return this.numbersLeft === 0 ? this.map : null;
  }

  private addDigit(digit: number): void {
    if (digit < 0 || digit > 9 || ++this.digits > MAX_DIGITS) throw this.malformed();
    this.number = this.number * 10 + digit;
  }

  private endNumber(): void {
    if (this.digits === 0 || !Number.isSafeInteger(this.number)) throw this.malformed();
    const value = this.number;
    this.number = 0;
    this.digits = 0;
    if (this.numbersLeft === null) {
      this.map.checkCount(value);
      this.numbersLeft = 2 * value;
      return;
    }
    this.numbersLeft--;
    if (this.segmentAt === null) {
      this.segmentAt = value;
      return;
    }
    this.map.add(this.segmentAt, value);
    this.segmentAt = null;
  }

  private malformed(): TarError {
    return badMap(this.at, 'decimal numbers below 2^53, each followed by a newline,', 'something else');
  }
}

function badMap(at: number, expected: string, found: string): TarError {
  return new TarError('tar.bad-sparse-map', { at, expected: `${expected} in the sparse map`, found });
}
