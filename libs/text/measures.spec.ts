import { count, elapsed, humanSize, instant } from './measures';

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 kB'],
  [5_580_800, '5.6 MB'],
  [146 * 1024 ** 3, '156.8 GB'],
  [Number.MAX_SAFE_INTEGER, '9.0 PB'],
])('shows %d bytes as %s', (bytes, text) => {
  expect(humanSize(bytes)).toBe(text);
});

it.each([
  [-5, '0.0 s'],
  [840, '0.8 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 00 s'],
  [125_000, '2 min 05 s'],
  [3_600_000, '1 h 00 min'],
  [3_725_000, '1 h 02 min'],
])('shows %d ms as %s', (milliseconds, text) => {
  expect(elapsed(milliseconds)).toBe(text);
});

it('shows instants in UTC', () => {
  expect(instant('2014-12-05T09:50:00.123+01:00')).toBe('2014-12-05 08:50:00 UTC');
});

it('counts in singular and plural', () => {
  expect([0, 1, 2].map((number) => count(number, 'part'))).toEqual(['0 parts', '1 part', '2 parts']);
});
