import { toJson, toJsonLine, toJsonPieces } from './json';

describe('JSON on standard output', () => {
  it('is the document again', () => {
    const document = { text: 'a\u001b\u009b\u2028\u007f', list: [1, null] };
    expect(JSON.parse(toJson(document))).toEqual(document);
    expect(JSON.parse(toJsonLine(document))).toEqual(document);
  });

  it('holds no control character as it is', () => {
    expect(toJsonLine({ text: '\u001b\u009b\u007f' })).toBe(String.raw`{"text":"\u001b\u009b\u007f"}`);
  });

  it('is one line where lines are documents', () => {
    expect(toJsonLine({ text: 'a\nb\u2028c' }).split(/[\n\u2028]/)).toHaveLength(1);
  });

  it.each([0, 1, 999, 1000, 1001, 2500])('comes in pieces that are the whole, with a list of %s', (length) => {
    const list = Array.from({ length }, (_, index) => ({ index, text: 'a\nb\u009b' }));
    const pieces = [...toJsonPieces({ version: 1 }, 'list', list)];
    expect(pieces.length).toBeLessThanOrEqual(3 + length / 1000);
    expect(JSON.parse(pieces.join(''))).toEqual({ version: 1, list });
    expect(pieces.join('')).not.toContain('\u009b');
  });
});
