import fc from 'fast-check';
import { base256 } from '../testing/archive-builder';
import { readNumericField } from './numeric-field';

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
    'does not take %j for a number',
    (text) => {
      expect(read(text)).toBeNull();
    },
  );

  it('does not take digits after a NUL for a number, since some programs see them and others do not', () => {
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

  it('makes numbers over 2^53 large rather than wrong and small', () => {
    expect(readNumericField(base256(2n ** 70n, 12), 0, 12)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
  });
});
