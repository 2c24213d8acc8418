/** The lines of a text, one at a time, whatever ends them: LF, CRLF or CR. */
export function* linesOf(text: string): Iterable<string> {
  let at = 0;
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) {
    yield text.slice(at, index);
    at = index + end.length;
  }
  yield text.slice(at);
}
