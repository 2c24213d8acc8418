import fc from 'fast-check';
import { record, raw } from '../testing/fits-file.fixture';
import { parseCard } from './card';

const keyword = fc.stringMatching(/^[A-Z0-9_-]{1,8}$/).filter((name) => !COMMENTARY.has(name));
const COMMENTARY = new Set(['COMMENT', 'HISTORY', 'END', 'CONTINUE', 'HIERARCH']);
const text = fc.stringMatching(/^[\x20-\x7e]{0,30}$/).map((value) => value.trimEnd());
const value = fc.oneof(text, fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));

describe('a keyword record', () => {
  it('gives back what was written into it', () => {
    fc.assert(
      fc.property(keyword, value, (name, written) => {
        const card = parseCard(record(name, written));
        expect(card).toMatchObject({ kind: 'value', keyword: name, slips: [] });
        const read = card.value && 'value' in card.value ? card.value.value : null;
        expect(read).toEqual(written === 0 ? read : written);
        if (written === 0) expect(Math.abs(Number(read))).toBe(0);
      }),
    );
  });

  it('is read without an exception whatever its 80 bytes are', () => {
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
  ])('takes %j for commentary', (line, name, comment) => {
    const card = parseCard(raw(line));
    expect(card).toMatchObject({ kind: 'commentary', keyword: name, value: null, slips: [] });
    expect(card.comment.trim()).toBe(comment.trim());
  });

  it('reads the long keywords of HIERARCH', () => {
    const card = parseCard(raw("HIERARCH ESO  DET CHIP1 ID = 'abc' / name"));
    expect(card).toMatchObject({ keyword: 'HIERARCH ESO DET CHIP1 ID', value: { type: 'string', value: 'abc' } });
  });

  it('reads CONTINUE, which has no value indicator', () => {
    const card = parseCard(raw("CONTINUE  'and on&'"));
    expect(card).toMatchObject({ kind: 'continue', value: { type: 'string', value: 'and on&' } });
  });

  it('knows END only by itself', () => {
    expect(parseCard(raw('END'))).toMatchObject({ kind: 'end', slips: [] });
    expect(parseCard(raw('END     of it'))).toMatchObject({ kind: 'end', slips: ['end-not-blank'] });
    expect(parseCard(record('ENDTIME', 1)).kind).toBe('value');
  });
});
