import { AdqlError, AdqlErrorDetails, Place } from '../adql.error';

/** A fault at an offset of the query; `withPlaces` makes an `AdqlError` of it, which knows lines. */
export class Fault extends Error {
  constructor(
    readonly problem: string,
    readonly at: number,
    readonly details: AdqlErrorDetails = {},
  ) {
    super(problem);
  }
}

/**
 * Runs `work` on a query.
 * @throws {AdqlError} for each `Fault` of the work
 */
export function withPlaces<T>(query: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) throw new AdqlError(error.problem, placeOf(query, error.at), error.details);
    throw error;
  }
}

function placeOf(query: string, at: number): Place {
  const before = query.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: at - lineStart + 1 };
}

/** Quotes a piece of a query for a message: one line, printable, at most 40 characters. */
export function quoted(text: string): string {
  const printable = text.replaceAll(/[^\x20-\x7e]/g, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return `"${printable.length > 40 ? `${printable.slice(0, 37)}...` : printable}"`;
}
