import fc from 'fast-check';
import { MAX_RANGES, selectRanges } from './byte-ranges';

const select = (header: string | undefined, size = 10_000): string => {
  const selection = selectRanges(header, size);
  if (selection.kind !== 'ranges') return selection.kind;
  return selection.ranges.map(({ start, end }) => `${start}-${end}`).join(' ');
};

describe('selectRanges', () => {
  // The content of the examples in RFC 9110 §14.1.2 has 10000 bytes.
  it.each([
    ['the first 500 bytes', 'bytes=0-499', '0-499'],
    ['the second 500 bytes', 'bytes=500-999', '500-999'],
    ['the final 500 bytes', 'bytes=-500', '9500-9999'],
    ['the final 500 bytes, to an open end', 'bytes=9500-', '9500-9999'],
    ['the first and last bytes', 'bytes=0-0,-1', '0-0 9999-9999'],
    ['first, middle and last 1000 bytes', 'bytes= 0-999, 4500-5499, -1000', '0-999 4500-5499 9000-9999'],
    ['the second 500 bytes in two that touch', 'bytes=500-600,601-999', '500-999'],
    ['the second 500 bytes in two that overlap', 'bytes=500-700,601-999', '500-999'],
    ['a last position beyond the content', 'bytes=9990-99999', '9990-9999'],
    ['a suffix longer than the content', 'bytes=-99999', '0-9999'],
    ['an empty suffix next to a range', 'bytes=-0,5-6', '5-6'],
    ['a range outside the content next to one inside', 'bytes=20000-20001,3-4', '3-4'],
    ['ranges in the requested order', 'bytes=900-999,100-199', '900-999 100-199'],
    ['merged ranges at the place of the first one', 'bytes=900-999,100-199,950-1200,150-250', '900-1200 100-250'],
    ['one range that contains another', 'bytes=0-9999,17-20', '0-9999'],
    ['a list with empty elements', 'bytes=,0-0 , ,\t5-5,', '0-0 5-5'],
    ['the unit in any case', 'BYTES=1-2', '1-2'],
    ['numbers larger than any integer', `bytes=1-${'9'.repeat(400)}`, '1-9999'],
    ['leading zeros', 'bytes=0001-0002', '1-2'],
  ])('selects %s', (_what, header, expected) => {
    expect(select(header)).toBe(expected);
  });

  it.each([
    ['no header', undefined],
    ['another unit', 'lines=1-2'],
    ['no unit', '0-499'],
    ['no range', 'bytes='],
    ['nothing but commas', 'bytes=,,'],
    ['a last position before the first', 'bytes=5-4'],
    ['the same with numbers beyond double precision', 'bytes=9007199254740993-9007199254740992'],
    ['one bad range among good ones', 'bytes=0-1,x'],
    ['a lone dash', 'bytes=-'],
    ['a negative position', 'bytes=--5'],
    ['space within a range', 'bytes=0 - 5'],
    ['a sign', 'bytes=+0-5'],
    ['hexadecimal', 'bytes=0x1-0x2'],
    ['fullwidth digits', 'bytes=０-５'],
  ])('ignores the header for %s, and selects the whole content (§14.2)', (_what, header) => {
    expect(select(header)).toBe('whole');
  });

  it.each([
    ['a first position at the end of the content', 'bytes=10000-'],
    ['a first position beyond it', 'bytes=20000-20010'],
    ['an empty suffix', 'bytes=-0'],
    ['several ranges, all outside', 'bytes=10000-,-0,99999-'],
    ['a first position larger than any integer', `bytes=${'9'.repeat(400)}-`],
  ])('refuses %s (§14.1.2, §15.5.17)', (_what, header) => {
    expect(select(header)).toBe('refused');
  });

  it('selects empty content whole for a suffix, and refuses positions in it', () => {
    expect(select('bytes=-5', 0)).toBe('whole');
    expect(select('bytes=0-', 0)).toBe('refused');
    expect(select('bytes=-0', 0)).toBe('refused');
  });

  it('accepts MAX_RANGES ranges, and refuses one more', () => {
    const apart = (count: number): string =>
      `bytes=${Array.from({ length: count }, (_, n) => `${n * 3}-${n * 3}`).join()}`;
    expect(select(apart(MAX_RANGES)).split(' ')).toHaveLength(MAX_RANGES);
    expect(selectRanges(apart(MAX_RANGES + 1), 10_000)).toEqual({ kind: 'refused', reason: expect.any(String) });
  });

  it('selects every requested byte once, and no other', () => {
    const position = fc.nat(70);
    const spec = fc.oneof(
      fc.tuple(position, position).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      position.map((first) => `${first}-`),
      position.map((length) => `-${length}`),
    );
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 60 }), (specs, size) => {
        const requested = new Set<number>();
        for (let at = 0; at < size; at++) if (specs.some((each) => covers(each, at, size))) requested.add(at);
        const selection = selectRanges(`bytes=${specs.join(',')}`, size);
        const sent: number[] = [];
        for (const { start, end } of selection.kind === 'ranges' ? selection.ranges : []) {
          for (let at = start; at <= end; at++) sent.push(at);
        }
        expect(sent.sort((a, b) => a - b)).toEqual([...requested].sort((a, b) => a - b));
      }),
    );
  });
});

/** Returns whether a range, as the RFC defines it, covers the byte at a position. */
function covers(spec: string, at: number, size: number): boolean {
  const [first = '', last = ''] = spec.split('-');
  if (first === '') return at >= size - Number(last);
  return at >= Number(first) && (last === '' || at <= Number(last));
}
