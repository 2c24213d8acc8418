import fc from 'fast-check';
import { OusError } from './ous.error';
import { compareUids, fromFileForm, isUid, parseUid, toFileForm, type Uid } from './uid';

const hex = (digits: number) => fc.bigInt({ min: 0n, max: 16n ** BigInt(digits) - 1n });
const archive = fc.stringMatching(/^A[0-9a-f]{3,8}$/);
const uid = fc
  .tuple(archive, hex(16), hex(16))
  .map(([id, high, low]) => parseUid(`uid://${id}/X${high.toString(16)}/X${low.toString(16)}`));

/** Spellings that no uid has, each with `/` where the file form has `_`. */
const WRONG = [
  ['an upper-case digit', 'A001/X12B/X239'],
  ['an upper-case digit in the archive id', 'A00B/X12b/X239'],
  ['a lower-case x', 'A001/x12b/X239'],
  ['a zero-padded field', 'A001/X012b/X239'],
  ['a zero-padded last field', 'A001/X12b/X0239'],
  ['a zero written twice', 'A001/X00/X1'],
  ['a letter beyond f', 'A001/X12g/X239'],
  ['an empty field', 'A001/X/X239'],
  ['two fields', 'A001/X12b'],
  ['four fields', 'A001/X12b/X239/X1'],
  ['a missing slash', 'A001/X12bX239'],
  ['a slash at the end', 'A001/X12b/X239/'],
  ['a slash twice', 'A001//X12b/X239'],
  ['a short archive id', 'A01/X12b/X239'],
  ['a long archive id', 'A012345678/X12b/X239'],
  ['no archive id', 'X12b/X239'],
  ['a field of 17 digits', 'A001/X12345678901234567/X239'],
  ['text behind it', 'A001/X12b/X239.source.Serp_02.spw.17'],
  ['a newline behind it', 'A001/X12b/X239\n'],
  ['a second line', 'A001/X12b/X239\nuid://A001/X1/X1'],
  ['a space behind it', 'A001/X12b/X239 '],
  ['a NUL behind it', 'A001/X12b/X239\0'],
  ['a step up', 'A001/../X239'],
  ['digits of another script', 'A001/X١٢/X239'],
  ['nothing', ''],
] as const;

function refusal(read: () => unknown): OusError {
  try {
    read();
  } catch (error) {
    if (error instanceof OusError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a uid', () => {
  it.each([
    'uid://A001/X12b/X239',
    'uid://A002/X5a9a13/X528',
    'uid://A001/X0/X0',
    'uid://A1234abc/Xffffffffffffffff/X1',
  ])('is read unchanged: %s', (text) => {
    expect(isUid(text)).toBe(true);
    expect(parseUid(text)).toBe(text);
  });

  it.each(WRONG)('cannot have %s', (_, fields) => {
    expect(isUid(`uid://${fields}`)).toBe(false);
    expect(refusal(() => parseUid(`uid://${fields}`))).toMatchObject({ code: 'ous.uid-malformed', retryable: false });
  });

  it.each(['UID://A001/X1/X2', 'uid:/A001/X1/X2', ' uid://A001/X1/X2', '\nuid://A001/X1/X2', 'uid___A001_X1_X2'])(
    'does not begin as in %j',
    (text) => {
      expect(refusal(() => parseUid(text)).code).toBe('ous.uid-malformed');
    },
  );

  it('that is very long is rejected with a short message', () => {
    const error = refusal(() => parseUid(`uid://A001/X1/X${'1'.repeat(1_000_000)}`));
    expect(error.code).toBe('ous.uid-malformed');
    expect(error.message).toContain('uid://A001/X1/X1111');
    expect(error.message.length).toBeLessThan(200);
  });
});

describe("a uid's file form", () => {
  it('has underscores instead of characters that a file name cannot contain', () => {
    expect(toFileForm(parseUid('uid://A001/X12b/X239'))).toBe('uid___A001_X12b_X239');
    expect(fromFileForm('uid___A001_X12b_X239')).toBe('uid://A001/X12b/X239');
  });

  it('is parsed to the uid that it was made of, and contains no slash', () => {
    fc.assert(
      fc.property(uid, (it) => {
        const file = toFileForm(it);
        expect(file).toMatch(/^[a-zA-Z0-9_]+$/);
        expect(fromFileForm(file)).toBe(it);
      }),
    );
  });

  it.each(WRONG)('cannot have %s', (_, fields) => {
    const error = refusal(() => fromFileForm(`uid___${fields.replaceAll('/', '_')}`));
    expect(error).toMatchObject({ code: 'ous.uid-malformed', retryable: false });
  });

  it.each([
    'uid://A001/X1/X2',
    'uid__A001_X1_X2',
    'member.uid___A001_X1_X2',
    'uid___A001/X1/X2',
    'uid___A001_X1_X2.ms',
  ])('cannot be %s', (text) => {
    expect(refusal(() => fromFileForm(text)).code).toBe('ous.uid-malformed');
  });
});

describe('the order of uids', () => {
  const sorted = (...texts: string[]) => texts.map(parseUid).sort(compareUids);

  it('is that of their numbers', () => {
    const order = [
      'uid://A001/X1/X9',
      'uid://A001/X1/Xa',
      'uid://A001/X1/X10',
      'uid://A001/X9/X0',
      'uid://A001/X10/X0',
    ];
    expect(sorted(...order.toReversed())).toEqual(order);
  });

  it('compares the archive id first, then field by field', () => {
    const order = ['uid://A001/X2/X3', 'uid://A001/X3/X2', 'uid://A002/X1/X1', 'uid://A0010/X0/X0'];
    expect(sorted(...order.toReversed())).toEqual(order);
  });

  it('is exact beyond the precision of a double', () => {
    // 2^53 and 2^53 + 1 are one number to a double.
    const order = ['uid://A001/X1/X20000000000000', 'uid://A001/X1/X20000000000001', 'uid://A001/X1/Xffffffffffffffff'];
    expect(sorted(...order.toReversed())).toEqual(order);
  });

  it('is that of their numbers for any two, in both directions', () => {
    const small = fc.constantFrom(0n, 1n, 9n, 10n, 2n ** 53n, 2n ** 53n + 1n);
    const near = fc
      .tuple(small, small)
      .map(([high, low]) => parseUid(`uid://A001/X${high.toString(16)}/X${low.toString(16)}`));
    const number = (it: Uid) => {
      const [, high = '', low = ''] = /X(.+)\/X(.+)$/.exec(it) ?? [];
      return (BigInt(`0x${high}`) << 64n) + BigInt(`0x${low}`);
    };
    fc.assert(
      fc.property(near, near, (left, right) => {
        const difference = number(left) - number(right);
        expect(compareUids(left, right)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
    );
  });
});
