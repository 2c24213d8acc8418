import { RowLimit } from './row-limit';

/** Passes a text on, `size` bytes at a time. */
function passed(text: string, size: number, limit: RowLimit): string {
  const bytes = Buffer.from(text);
  let out = '';
  for (let at = 0; at < bytes.length; at += size) {
    out += Buffer.from(limit.take(bytes.subarray(at, at + size))).toString('latin1');
  }
  return out;
}

describe.each([1, 3, 1000])('rows in pieces of %d bytes', (size) => {
  it.each<['csv' | 'tsv' | 'jsonl', string, number, string, number, boolean]>([
    ['csv', 'a\r\n1\r\n2\r\n3\r\n', 2, 'a\r\n1\r\n2\r\n', 2, true],
    ['csv', 'a\r\n1\r\n2\r\n', 2, 'a\r\n1\r\n2\r\n', 2, false],
    ['csv', 'a\r\n"1\n""\nx"\r\n2\r\n', 1, 'a\r\n"1\n""\nx"\r\n', 1, true],
    ['tsv', 'a\n"\n"\n', 2, 'a\n"\n"\n', 2, false],
    ['tsv', 'a\n', 2, 'a\n', 0, false],
    ['jsonl', '{}\n{}\n', 1, '{}\n', 1, true],
    ['jsonl', '', 1, '', 0, false],
  ])('%s %j with at most %d', (format, text, most, expected, rows, isCut) => {
    const limit = new RowLimit(most, format);
    expect(passed(text, size, limit)).toBe(expected);
    expect([limit.rows, limit.isCut]).toEqual([rows, isCut]);
  });
});
