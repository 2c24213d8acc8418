import fc from 'fast-check';
import { base256 } from '../testing/archive-builder';
import { readNumericField } from './header-block';

const read = (text: string) => readNumericField(Buffer.from(text, 'latin1'), 0, Buffer.byteLength(text, 'latin1'));

describe('a numeric header field', () => {
  it.each([
    ['0000644\0', 0o644],
    ['000644 \0', 0o644],
    ['   644 \0', 0o644],
    ['644\0xxxx', 0o644],
    ['00000644', 0o644],
    ['777777777777', 8 ** 12 - 1],
    ['\0\0\0\0\0\0\0\0', 0],
    ['        ', 0],
  ])('reads %j as octal', (text, value) => {
    expect(read(text)).toBe(value);
  });

  it.each(['-0000644', '0x1ff\0\0\0', '00008\0\0\0', '644x\0\0\0\0', 'abc\0\0\0\0\0'])(
    'does not read %j as a number',
    (text) => {
      expect(read(text)).toBeNull();
    },
  );

  it('does not read digits after a NUL as a number, since programs differ there', () => {
    expect(read('\x000000644')).toBeNull();
  });

  it('reads base-256 as two’s complement', () => {
    expect(readNumericField(base256(9_663_677_440n, 12), 0, 12)).toBe(9_663_677_440);
    expect(readNumericField(base256(-2n, 12), 0, 12)).toBe(-2);
    expect(readNumericField(Buffer.alloc(12, 0xff), 0, 12)).toBe(-1);
  });

  it('reads every base-256 number that a double holds exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(readNumericField(base256(BigInt(value), 12), 0, 12)).toBe(value);
      }),
    );
  });

  it('reads numbers over 2^53 as large numbers', () => {
    expect(readNumericField(base256(2n ** 70n, 12), 0, 12)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
  });
});
