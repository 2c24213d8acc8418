import fc from 'fast-check';
import { clip, padEnd, padStart, textWidth, wrap } from './width';

describe('textWidth', () => {
  it.each([
    ['plain', 5],
    ['', 0],
    ['天文学者 花子', 13],
    ['ｱﾙﾏ', 3],
    ['e\u0301tat', 4],
    ['한글', 4],
    ['🔭', 2],
    ['👩🏽‍🚀', 2],
    ['a\u200bb', 2],
    ['\u001b[31mred\u001b[39m', 3],
  ])('counts the columns of %j', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('padding', () => {
  it('fills by columns, not by characters', () => {
    expect(padEnd('花子', 6)).toBe('花子  ');
    expect(padStart('花子', 6)).toBe('  花子');
  });

  it('never shortens and always reaches the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, width) => {
        expect(textWidth(padEnd(text, width))).toBe(Math.max(textWidth(text), width));
      }),
    );
  });
});

describe('clip', () => {
  it('keeps a text that fits and cuts a longer one', () => {
    expect(clip('short', 5)).toBe('short');
    expect(clip('a longer line', 8)).toBe('a lon...');
  });

  it('does not cut a wide character in half', () => {
    expect(clip('花子花子花子', 8)).toBe('花子...');
  });

  it('never exceeds the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 30 }), (text, width) => {
        expect(textWidth(clip(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrap', () => {
  it('folds at spaces', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  });

  it('keeps a word that is wider than the line whole', () => {
    expect(wrap('see https://example.org/a/long/path now', 10)).toEqual([
      'see',
      'https://example.org/a/long/path',
      'now',
    ]);
  });

  it('returns no line for blank text', () => {
    expect(wrap('  ', 10)).toEqual([]);
  });

  it('keeps every word in order and only single words over the width', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/)), fc.integer({ min: 1, max: 20 }), (words, width) => {
        const lines = wrap(words.join(' '), width);
        expect(lines.flatMap((line) => line.split(' '))).toEqual(words);
        for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
      }),
    );
  });
});
