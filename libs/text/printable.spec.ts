import { printable, printableLines, unsafeCharacter } from './printable';

describe('printable', () => {
  it('escapes terminal control sequences', () => {
    expect(printable('\u001b[2Jgone\u0007')).toBe('\\x1b[2Jgone\\x07');
    expect(printable('\u009b31m')).toBe('\\x9b31m');
  });

  it('escapes line ends and bidirectional controls', () => {
    expect(printable('a\u202eb\u2066c')).toBe('a\\u202eb\\u2066c');
    expect(printable('a\r\nb')).toBe('a\\x0d\\x0ab');
  });

  it('keeps letters of every script', () => {
    expect(printable('天文 é §4.2')).toBe('天文 é §4.2');
  });

  it('keeps line ends and tabs in text of several lines', () => {
    expect(printableLines('a\r\n\tb\u001b[1mc')).toBe('a\n\tb\\x1b[1mc');
  });

  it.each([
    ['a zero-width space', '\u200b', '\\u200b'],
    ['a byte order mark', '\ufeff', '\\ufeff'],
    ['a left-to-right mark', '\u200e', '\\u200e'],
    ['an Arabic letter mark', '\u061c', '\\u061c'],
    ['a word joiner', '\u2060', '\\u2060'],
    ['a deprecated format character', '\u206e', '\\u206e'],
    ['a soft hyphen', '\u00ad', '\\xad'],
    ['a Hangul filler', '\u3164', '\\u3164'],
    ['a line separator', '\u2028', '\\u2028'],
    ['a joiner between Latin letters', '\u200d', '\\u200d'],
    ['a tag character', '\u{e0041}', '\\u{e0041}'],
  ])('escapes %s', (_, character, escaped) => {
    expect(printable(`a${character}b`)).toBe(`a${escaped}b`);
    expect(printableLines(`a${character}\nb`)).toBe(`a${escaped}\nb`);
  });

  it('keeps the joiners of Persian, Hindi and emoji', () => {
    for (const text of ['می\u200cخواهم', 'क्\u200dष', '👩🏽\u200d🚀', '❤\ufe0f\u200d🔥'])
      expect(printable(text)).toBe(text);
  });
});

describe('unsafeCharacter', () => {
  it('names the first character that is unsafe to show', () => {
    expect(['Vera Rubin', 'a\u202eb', 'a\tb', 'a\u{e0041}'].map(unsafeCharacter)).toEqual([
      null,
      'U+202E',
      'U+0009',
      'U+E0041',
    ]);
  });
});
