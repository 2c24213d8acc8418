import { toJson, toJsonLine } from './json';

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
});
