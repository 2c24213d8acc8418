import { checkSize, fieldText } from './header-block';
import { readNumericField } from './numeric-field';
import type { SparseMap } from './sparse-map';

/** Where GNU tar's old format (type `S`) keeps stretches: four in the header, 21 in each extension block. */
const IN_HEADER = { start: 386, count: 4, more: 482 };
const IN_EXTENSION = { start: 0, count: 21, more: 504 };
const REAL_SIZE = 483;
const FIELD = 12;

/** The logical size that the header of a sparse member of GNU tar's old format states. */
export function gnuRealSize(header: Buffer, at: number): number {
  return sizeField(header, REAL_SIZE, at);
}

/** Adds the header's stretches to the map. True when an extension block follows. */
export function readHeaderStretches(header: Buffer, at: number, map: SparseMap): boolean {
  return readStretches(header, at, map, IN_HEADER);
}

/** Adds an extension block's stretches to the map. True when another block follows. */
export function readExtensionStretches(block: Buffer, at: number, map: SparseMap): boolean {
  return readStretches(block, at, map, IN_EXTENSION);
}

function readStretches(block: Buffer, at: number, map: SparseMap, place: typeof IN_HEADER): boolean {
  for (let i = 0; i < place.count; i++) {
    const start = place.start + i * 2 * FIELD;
    // The list ends at the first stretch without a length; a length of "0" in digits is a stretch.
    if (block[start + FIELD] === 0) break;
    map.add(sizeField(block, start, at), sizeField(block, start + FIELD, at));
  }
  return block[place.more] !== 0;
}

function sizeField(block: Buffer, start: number, at: number): number {
  return checkSize(readNumericField(block, start, FIELD), at + start, () => fieldText(block, start, FIELD));
}
