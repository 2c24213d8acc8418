/** Why the content of a file could not be read, as text for a report. */
export interface ReadingProblem {
  expected: string;
  found: string;
}

/** The result of reading a file: its facts, or why there are none. */
export type Reading<T> = { facts: T; problem: null } | { facts: null; problem: ReadingProblem };

export function readingOf<T>(facts: T): Reading<T> {
  return { facts, problem: null };
}

export function unreadable(expected: string, found: string): Reading<never> {
  return { facts: null, problem: { expected, found } };
}

/** Yields the lines of a text, without their ends: LF, CRLF or CR. */
export function* linesOf(text: string): Iterable<string> {
  let at = 0;
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) {
    yield text.slice(at, index);
    at = index + end.length;
  }
  yield text.slice(at);
}
