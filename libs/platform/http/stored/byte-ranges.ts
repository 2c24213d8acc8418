/** The first and the last byte, both counted from 0 and both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** More ranges than this in one request are refused: no client reads so, an attacker does (RFC 9110 §14.2, §17.15). */
export const MAX_RANGES = 100;

/** What a `Range` header asks for. */
export type RangeSelection =
  | { readonly kind: 'whole' }
  | { readonly kind: 'ranges'; readonly ranges: readonly ByteRange[] }
  | { readonly kind: 'refused'; readonly reason: string };

const WHOLE: RangeSelection = { kind: 'whole' };
const SPECIFIER = /^bytes=(.*)$/is;
const RANGE = /^(\d*)-(\d*)$/;

/**
 * Reads a `Range` header for content of `size` bytes (RFC 9110 §14.1, §14.2). A header that is malformed or of another
 * unit is ignored. Ranges that overlap or touch are made one, so that nothing is sent twice, in the place of the first
 * of them. Refused (416): no range within the content, or more than MAX_RANGES.
 */
export function selectRanges(header: string | undefined, size: number): RangeSelection {
  const set = SPECIFIER.exec(header ?? '')?.[1];
  if (set === undefined) return WHOLE;
  // Empty elements of a list are passed over (§5.6.1.2).
  const specs = set.split(',').flatMap((spec) => spec.replace(/^[ \t]+|[ \t]+$/g, '') || []);
  const asked = specs.map(readSpec);
  if (asked.length === 0 || asked.some((range) => range === null)) return WHOLE;
  if (asked.length > MAX_RANGES) return { kind: 'refused', reason: `More than ${MAX_RANGES} ranges were asked for` };
  const ranges = asked.flatMap((range) => (range === null ? [] : within(range, BigInt(size))));
  if (ranges.length > 0) return { kind: 'ranges', ranges: coalesce(ranges) };
  // A suffix of nothing is satisfiable (§14.1.2), but no Content-Range can say so.
  if (size === 0 && asked.some((range) => range?.first === null && range.last !== 0n)) return WHOLE;
  return { kind: 'refused', reason: `The content has ${size} bytes` };
}

/** As written: `first-last`, `first-` (last null), or the suffix `-last` (first null). */
interface RangeSpec {
  first: bigint | null;
  last: bigint | null;
}

/** Numbers may be of any length (§14.1.2): they are read without loss. Null when it is no valid range. */
function readSpec(spec: string): RangeSpec | null {
  const [, first, last] = RANGE.exec(spec) ?? [];
  if (first === undefined || last === undefined || first + last === '') return null;
  const range = { first: first === '' ? null : BigInt(first), last: last === '' ? null : BigInt(last) };
  return range.first !== null && range.last !== null && range.last < range.first ? null : range;
}

/** The part of the content that a range names; none when it lies outside. */
function within({ first, last }: RangeSpec, size: bigint): ByteRange[] {
  if (first === null) {
    const length = last === null || last > size ? size : last;
    return length === 0n ? [] : [{ start: Number(size - length), end: Number(size - 1n) }];
  }
  if (first >= size) return [];
  return [{ start: Number(first), end: Number(last === null || last >= size ? size - 1n : last) }];
}

function coalesce(ranges: readonly ByteRange[]): ByteRange[] {
  const joined: { start: number; end: number; place: number }[] = [];
  for (const range of ranges.map((range, place) => ({ ...range, place })).sort((a, b) => a.start - b.start)) {
    const before = joined.at(-1);
    if (before === undefined || range.start > before.end + 1) {
      joined.push(range);
      continue;
    }
    before.end = Math.max(before.end, range.end);
    before.place = Math.min(before.place, range.place);
  }
  return joined.sort((a, b) => a.place - b.place).map(({ start, end }) => ({ start, end }));
}
