import { parseValueField } from './card-value';

describe('the value field of a keyword record', () => {
  it.each([
    ["'NGC 9999'           / object", { type: 'string', value: 'NGC 9999' }, 'object'],
    ["'o''hara'''", { type: 'string', value: "o'hara'" }, ''],
    ["'  leading, not trailing   '", { type: 'string', value: '  leading, not trailing' }, ''],
    ["''", { type: 'string', value: '' }, ''],
    ["'a / slash' / comment / with slash", { type: 'string', value: 'a / slash' }, 'comment / with slash'],
    ['                   T', { type: 'logical', value: true }, ''],
    ['F / free', { type: 'logical', value: false }, 'free'],
    ['                 -32', { type: 'integer', value: -32 }, ''],
    ['+7', { type: 'integer', value: 7 }, ''],
    [
      '  1.000000000000E+00 /PHYSICAL = PIXEL*BSCALE + BZERO',
      { type: 'real', value: 1 },
      'PHYSICAL = PIXEL*BSCALE + BZERO',
    ],
    ['-.5D-3', { type: 'real', value: -0.0005 }, ''],
    ['2.', { type: 'real', value: 2 }, ''],
    ['(1.5, -2)', { type: 'complex', value: [1.5, -2] }, ''],
    ['        ', { type: 'undefined' }, ''],
    [' / only a comment', { type: 'undefined' }, 'only a comment'],
  ])('reads %s', (field, value, comment) => {
    expect(parseValueField(field)).toEqual({ value, comment, slips: [] });
  });

  it.each([
    ["'never closed", 'unclosed-string'],
    ["'it''s never closed''", 'unclosed-string'],
    ['2014-01-01', 'not-a-value'],
    ['TRUE', 'not-a-value'],
    ['1E999', 'not-a-value'],
    ['NaN', 'not-a-value'],
    ['(1, 2', 'not-a-value'],
    ['(x, 2)', 'not-a-value'],
  ])('keeps the text of %s, which is no value', (field, slip) => {
    const read = parseValueField(field);
    expect(read.value.type).toBe('malformed');
    expect(read.slips).toEqual([slip]);
  });

  it.each([
    ['12 deg', 12, 'missing-slash'],
    ['1.5e3', 1500, 'lower-case-exponent'],
  ])('reads %s all the same, with a slip', (field, value, slip) => {
    expect(parseValueField(field)).toMatchObject({ value: { value }, slips: [slip] });
  });
});
