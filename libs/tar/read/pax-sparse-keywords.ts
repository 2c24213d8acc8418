import type { PaxRecord } from '../pax-records';
import type { TarLimits } from '../tar-limits';
import { TarError } from '../tar.error';
import { SparseMap } from './sparse-map';

/** What the `GNU.sparse.*` keywords of a pax header say: formats 0.0 and 0.1 hold the map, 1.0 keeps it with the data. */
export interface PaxSparse {
  size: number;
  /** Null when the map stands in front of the data. */
  map: SparseMap | null;
}

const PREFIX = 'GNU.sparse.';
/** Member name of formats 0.1 and 1.0, whose header bears a made-up one. */
export const SPARSE_NAME = `${PREFIX}name`;

export function isSparseKeyword(keyword: string): boolean {
  return keyword.startsWith(PREFIX) && keyword !== SPARSE_NAME;
}

/**
 * Reads the sparse keywords of one pax header; null when it has none.
 * @param at archive offset of the header's body
 * @throws TarError `tar.bad-sparse-map`, `tar.oversize-metadata`
 */
export function readPaxSparse(all: readonly PaxRecord[], at: number, limits: TarLimits): PaxSparse | null {
  const records = all.filter((record) => isSparseKeyword(record.keyword));
  if (records.length === 0) return null;
  const last = new Map(records.map(({ keyword, value }) => [keyword.slice(PREFIX.length), value.toString('latin1')]));
  const size = decimal(last.get('realsize') ?? last.get('size') ?? '', at);
  const version = `${last.get('major') ?? '0'}.${last.get('minor') ?? '0'}`;
  if (version === '1.0') return { size, map: null };
  if (version !== '0.0' && version !== '0.1') throw bad(at, 'sparse format 0.0, 0.1 or 1.0', JSON.stringify(version));
  const map = new SparseMap(at, limits.maxSparseSegments);
  const list = last.get('map');
  if (list) addPairs(list.split(','), map, at);
  else addPairs(repeatedPairs(records, at), map, at);
  const count = last.get('numblocks');
  if (count !== undefined && decimal(count, at) !== map.count) throw bad(at, `${count} stretches`, `${map.count}`);
  return { size, map };
}

/** Format 0.0: `offset` and `numbytes` take turns, one record each. */
function repeatedPairs(records: readonly PaxRecord[], at: number): string[] {
  const pairs = records.filter(({ keyword }) => keyword === `${PREFIX}offset` || keyword === `${PREFIX}numbytes`);
  for (const [i, { keyword }] of pairs.entries()) {
    const expected = `${PREFIX}${i % 2 === 0 ? 'offset' : 'numbytes'}`;
    if (keyword !== expected) throw bad(at, expected, keyword);
  }
  return pairs.map(({ value }) => value.toString('latin1'));
}

function addPairs(numbers: readonly string[], map: SparseMap, at: number): void {
  if (numbers.length % 2 !== 0) throw bad(at, 'an offset and a length for every stretch', 'an offset alone');
  for (let i = 0; i < numbers.length; i += 2) {
    map.add(decimal(numbers[i] ?? '', at), decimal(numbers[i + 1] ?? '', at));
  }
}

function decimal(text: string, at: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw bad(at, 'a number from 0 to 2^53 - 1', JSON.stringify(text.slice(0, 40)));
  return value;
}

function bad(at: number, expected: string, found: string): TarError {
  return new TarError('tar.bad-sparse-map', { at, expected: `${expected} in the sparse map`, found });
}
