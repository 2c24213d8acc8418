import fc from 'fast-check';
import { headerOf, raw, record } from '../testing/fits-file.fixture';

/** Splits a string over several records, with `&` at the end of each but the last. */
function longString(keyword: string, text: string): string[] {
  const pieces = text.match(/[^]{1,30}/g) ?? [''];
  return pieces.map((piece, i) => {
    const quoted = `'${piece.replaceAll("'", "''")}${i < pieces.length - 1 ? '&' : ''}'`;
    return raw(i === 0 ? `${keyword.padEnd(8)}= ${quoted}` : `CONTINUE  ${quoted}`);
  });
}

describe('a header', () => {
  it('joins a string that continues in CONTINUE records', () => {
    const printable = fc.stringMatching(/^[\x20-\x7e]{1,400}$/).filter((text) => !/[ &]$/.test(text));
    fc.assert(
      fc.property(printable, (text) => {
        const header = headerOf([...longString('LONG', text), record('AFTER', 1)]);
        expect(header.text('LONG')).toBe(text);
        expect(header.number('AFTER')).toBe(1);
      }),
    );
  });

  it('keeps an ampersand without a CONTINUE record', () => {
    expect(headerOf([record('A', 'x&'), record('B', 2)]).text('A')).toBe('x&');
  });

  it('uses the first of two values', () => {
    expect(headerOf([record('A', 1), record('A', 2)]).integer('A')).toBe(1);
  });

  it('returns a value only in its own type', () => {
    const header = headerOf([record('S', ' x '), record('I', 3), record('R', 2.5), record('L', true)]);
    expect([header.text('S'), header.nonBlankText('S'), header.number('S')]).toEqual([' x', 'x', null]);
    expect([header.integer('I'), header.number('I'), header.text('I')]).toEqual([3, 3, null]);
    expect([header.integer('R'), header.number('R')]).toEqual([null, 2.5]);
    expect([header.logical('L'), header.logical('I')]).toEqual([true, null]);
  });

  it('distinguishes a blank string from an absent one', () => {
    const header = headerOf([record('CUNIT4', '')]);
    expect([header.text('CUNIT4'), header.nonBlankText('CUNIT4'), header.text('CUNIT5')]).toEqual(['', null, null]);
  });
});
