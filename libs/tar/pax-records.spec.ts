import fc from 'fast-check';
import { encodePaxRecords, parsePaxRecords } from './pax-records';
import { TarError } from './tar.error';

const parse = (text: string | Buffer) =>
  parsePaxRecords(Buffer.from(text), 0).map(({ keyword, value }) => [keyword, value.toString('utf8')]);

function refusal(text: string): TarError {
  try {
    parsePaxRecords(Buffer.from(text), 5120);
  } catch (error) {
    if (error instanceof TarError) return error;
  }
  throw new Error('the records were accepted');
}

describe('pax records', () => {
  it('are read with newlines and equals signs in their values', () => {
    expect(parse('8 a=b=c\n9 k=x\ny\n\n')).toEqual([
      ['a', 'b=c'],
      ['k', 'x\ny\n'],
    ]);
  });

  it('are read in order, with repeated keywords and empty values', () => {
    expect(parse('6 a=1\n5 b=\n6 a=2\n')).toEqual([
      ['a', '1'],
      ['b', ''],
      ['a', '2'],
    ]);
  });

  it('may be padded with NULs', () => {
    expect(parse('6 a=1\n\0\0\0\0')).toEqual([['a', '1']]);
  });

  it.each([
    ['a length beyond the header', '99 a=1\n'],
    ['a length that ends inside the record', '5 abc=1\n'],
    ['a length that includes the next record', '8 a=1\n6 b=2\n'],
    ['a length too short for a keyword', '2 a=1\n'],
    ['a length of zero', '0 a=1\n'],
    ['a negative length', '-6 a=1\n'],
    ['a length in hexadecimal', '0x6 a=1\n'],
    ['a length of 40 digits', `${'9'.repeat(40)} a=1\n`],
    ['no length', 'a=1\n'],
    ['no keyword', '5 =1\n'],
    ['no equals sign', '5 ab\n'],
    ['no newline', '6 a=12'],
    ['other bytes after the NULs', '6 a=1\n\0\x006 b=2\n'],
  ])('are refused with %s', (_, text) => {
    expect(refusal(text).code).toBe('tar.bad-pax');
  });

  it('are refused with the archive offset of the bad record', () => {
    expect(refusal('6 a=1\n99 b=2\n').offset).toBe(5126);
  });

  it('are read back as they were written, for any number of digits of their length', () => {
    const keyword = fc.string({ minLength: 1, unit: fc.constantFrom(...'abcXYZ.') });
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ minLength: 85, maxLength: 110, unit: 'binary-ascii' }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(keyword, value)), (records) => {
        expect(parse(encodePaxRecords(records))).toEqual(records);
      }),
    );
  });

  it('are read, or refused with a TarError, for any input', () => {
    const noise = fc.array(fc.constantFrom(...'0123456789 =\n\0ab'), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(noise, (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TarError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
