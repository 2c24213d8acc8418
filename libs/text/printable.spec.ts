import { printable, printableLines } from './printable';

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
});
