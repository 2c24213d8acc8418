import { toJson, toJsonLine, toJsonPieces } from './json';

describe('JSON output', () => {
  it('parses to the document', () => {
    const document = { text: 'a\u001b\u009b\u2028\u007f', list: [1, null] };
    expect(JSON.parse(toJson(document))).toEqual(document);
    expect(JSON.parse(toJsonLine(document))).toEqual(document);
  });

  it('escapes control characters', () => {
    expect(toJsonLine({ text: '\u001b\u009b\u007f' })).toBe(String.raw`{"text":"\u001b\u009b\u007f"}`);
  });

  it('has no line break in JSON Lines', () => {
    expect(toJsonLine({ text: 'a\nb\u2028c' }).split(/[\n\u2028]/)).toHaveLength(1);
  });

  it.each([0, 1, 999, 1000, 1001, 2500])('formats a list of %s items in pieces', (length) => {
    const list = Array.from({ length }, (_, index) => ({ index, text: 'a\nb\u009b' }));
    const pieces = [...toJsonPieces({ version: 1 }, 'list', list)];
    expect(pieces.length).toBeLessThanOrEqual(3 + length / 1000);
    expect(JSON.parse(pieces.join(''))).toEqual({ version: 1, list });
    expect(pieces.join('')).not.toContain('\u009b');
  });
});
