import fc from 'fast-check';
import { record, raw } from '../testing/fits-file.fixture';
import { parseCard, parseValueField } from './card';

const keyword = fc.stringMatching(/^[A-Z0-9_-]{1,8}$/).filter((name) => !COMMENTARY.has(name));
const COMMENTARY = new Set(['COMMENT', 'HISTORY', 'END', 'CONTINUE', 'HIERARCH']);
const text = fc.stringMatching(/^[\x20-\x7e]{0,30}$/).map((value) => value.trimEnd());
const value = fc.oneof(text, fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));

describe('a keyword record', () => {
  it('is parsed to the keyword and value that were written', () => {
    fc.assert(
      fc.property(keyword, value, (name, written) => {
        const card = parseCard(record(name, written));
        expect(card).toMatchObject({ kind: 'value', keyword: name, flaws: [] });
        const read = card.value && 'value' in card.value ? card.value.value : null;
        expect(read).toEqual(written === 0 ? read : written);
        if (written === 0) expect(Math.abs(Number(read))).toBe(0);
      }),
    );
  });

  it('is parsed without an exception for any 80 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 80, maxLength: 80 }), (bytes) => {
        const card = parseCard(Buffer.from(bytes).toString('latin1'));
        expect(card.record).toHaveLength(80);
      }),
    );
  });

  it.each([
    ['COMMENT  = not a value', 'COMMENT', ' = not a value'],
    ['HISTORY >file continued', 'HISTORY', ' >file continued'],
    ['         free text', '', ' free text'],
    ['NOVALUE just text', 'NOVALUE', 'just text'],
    ['HIERARCH without an indicator', 'HIERARCH', ' without an indicator'],
  ])('parses %j as commentary', (line, name, comment) => {
    const card = parseCard(raw(line));
    expect(card).toMatchObject({ kind: 'commentary', keyword: name, value: null, flaws: [] });
    expect(card.comment.trim()).toBe(comment.trim());
  });

  it('may have a long keyword with HIERARCH', () => {
    const card = parseCard(raw("HIERARCH ESO  DET CHIP1 ID = 'abc' / name"));
    expect(card).toMatchObject({ keyword: 'HIERARCH ESO DET CHIP1 ID', value: { type: 'string', value: 'abc' } });
  });

  it('may be CONTINUE, which has no value indicator', () => {
    const card = parseCard(raw("CONTINUE  'and on&'"));
    expect(card).toMatchObject({ kind: 'continue', value: { type: 'string', value: 'and on&' } });
  });

  it('is END only without other text', () => {
    expect(parseCard(raw('END'))).toMatchObject({ kind: 'end', flaws: [] });
    expect(parseCard(raw('END     of it'))).toMatchObject({ kind: 'end', flaws: ['end-not-blank'] });
    expect(parseCard(record('ENDTIME', 1)).kind).toBe('value');
  });
});

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
  ])('is parsed: %s', (field, value, comment) => {
    expect(parseValueField(field)).toEqual({ value, comment, flaws: [] });
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
  ])('keeps the text of %s, which is not a value', (field, flaw) => {
    const read = parseValueField(field);
    expect(read.value.type).toBe('malformed');
    expect(read.flaws).toEqual([flaw]);
  });

  it.each([
    ['12 deg', 12, 'missing-slash'],
    ['1.5e3', 1500, 'lower-case-exponent'],
  ])('is parsed with a flaw: %s', (field, value, flaw) => {
    expect(parseValueField(field)).toMatchObject({ value: { value }, flaws: [flaw] });
  });
});
