/** Where a piece of a query begins; lines and columns count from 1, columns in UTF-16 code units. */
export interface Place {
  line: number;
  column: number;
}

export interface AdqlErrorDetails {
  /** What would have been right here, in words; empty if nothing would. */
  expected?: readonly string[];
  /** The known name that is closest to the unknown one. */
  nearest?: string;
}

/** A query that is not ADQL, or that the schema or a limit does not allow. The fault is the caller's: never retry. */
export class AdqlError extends Error {
  readonly code = 'adql.invalid-query';
  readonly retryable = false;
  readonly line: number;
  readonly column: number;
  readonly expected: readonly string[];
  readonly nearest: string | undefined;

  /** The message gets the place, what was expected and the nearest name, so that it can be shown as it is. */
  constructor(problem: string, place: Place, { expected = [], nearest }: AdqlErrorDetails = {}) {
    const wanted = expected.length === 0 ? '' : `; expected ${oneOf(expected)}`;
    const guess = nearest === undefined ? '' : `; did you mean ${nearest}?`;
    super(`line ${place.line}, column ${place.column}: ${problem}${wanted}${guess}`);
    this.name = 'AdqlError';
    this.line = place.line;
    this.column = place.column;
    this.expected = expected;
    this.nearest = nearest;
  }
}

/** Joins words as "a, b or c". */
export function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}
