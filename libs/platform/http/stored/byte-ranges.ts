import type { ByteRange } from '@almagest/contracts';

/** A request for more ranges is refused: no client needs so many, only an attacker (RFC 9110 §14.2, §17.15). */
export const MAX_RANGES = 100;

/** The content that a `Range` header selects. */
export type RangeSelection =
  | { readonly kind: 'whole' }
  | { readonly kind: 'ranges'; readonly ranges: readonly ByteRange[] }
  | { readonly kind: 'refused'; readonly reason: string };

const WHOLE: RangeSelection = { kind: 'whole' };
const SPECIFIER = /^bytes=(.*)$/is;
const RANGE = /^(\d*)-(\d*)$/;

/**
 * Parses a `Range` header for content of `size` bytes (RFC 9110 §14.1, §14.2). Ignores a header that is malformed or in
 * another unit. Merges ranges that overlap or touch, so that no byte is sent twice; a merged range takes the place of
 * its first part. Refuses (416) a request with no range inside the content, or with more than MAX_RANGES.
 */
export function selectRanges(header: string | undefined, size: number): RangeSelection {
  const set = SPECIFIER.exec(header ?? '')?.[1];
  if (set === undefined) return WHOLE;
  // Empty list elements are ignored (§5.6.1.2).
  const specs = set.split(',').flatMap((spec) => spec.replace(/^[ \t]+|[ \t]+$/g, '') || []);
  const requested = specs.map(parseSpec);
  if (requested.length === 0 || requested.some((range) => range === null)) return WHOLE;
  if (requested.length > MAX_RANGES) return { kind: 'refused', reason: `More than ${MAX_RANGES} ranges are requested` };
  const ranges = requested.flatMap((range) => (range === null ? [] : clip(range, BigInt(size))));
  if (ranges.length > 0) return { kind: 'ranges', ranges: merge(ranges) };
  // An empty suffix range is satisfiable (§14.1.2), but no Content-Range can express it.
  if (size === 0 && requested.some((range) => range?.first === null && range.last !== 0n)) return WHOLE;
  return { kind: 'refused', reason: `The content has ${size} bytes` };
}

/** A range as written: `first-last`, `first-` (last null), or the suffix `-last` (first null). */
interface RangeSpec {
  first: bigint | null;
  last: bigint | null;
}

/** Parses one range; numbers may have any length (§14.1.2). Returns null for an invalid range. */
function parseSpec(spec: string): RangeSpec | null {
  const [, first, last] = RANGE.exec(spec) ?? [];
  if (first === undefined || last === undefined || first + last === '') return null;
  const range = { first: first === '' ? null : BigInt(first), last: last === '' ? null : BigInt(last) };
  return range.first !== null && range.last !== null && range.last < range.first ? null : range;
}

/** Returns the range clipped to the content, or no range when it is outside. */
function clip({ first, last }: RangeSpec, size: bigint): ByteRange[] {
  if (first === null) {
    const length = last === null || last > size ? size : last;
    return length === 0n ? [] : [{ start: Number(size - length), end: Number(size - 1n) }];
  }
  if (first >= size) return [];
  return [{ start: Number(first), end: Number(last === null || last >= size ? size - 1n : last) }];
}

function merge(ranges: readonly ByteRange[]): ByteRange[] {
  const merged: { start: number; end: number; place: number }[] = [];
  for (const range of ranges.map((range, place) => ({ ...range, place })).sort((a, b) => a.start - b.start)) {
    const before = merged.at(-1);
    if (before === undefined || range.start > before.end + 1) {
      merged.push(range);
      continue;
    }
    before.end = Math.max(before.end, range.end);
    before.place = Math.min(before.place, range.place);
  }
  return merged.sort((a, b) => a.place - b.place).map(({ start, end }) => ({ start, end }));
}
