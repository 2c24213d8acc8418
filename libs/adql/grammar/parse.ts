import { Query } from './ast';
import { checkQuery } from './check-query';
import { Fault, quoted, withPlaces } from './fault';
import { checkTokens } from './lexical-check';
import { parse as parseText, SyntaxError as ParserError } from './parser';
import { RESERVED_WORDS } from './reserved-words';

interface Expectation {
  type: string;
  text?: string;
  description?: string;
  parts?: readonly string[];
}

/** What peggy throws; the generated code has no types. */
interface Refusal {
  location: { start: { offset: number } };
  expected: readonly Expectation[] | null;
}

/**
 * Reads a query, without a schema: user-defined functions need not exist.
 * @throws {AdqlError}
 */
export function parse(query: string): Query {
  return withPlaces(query, () => readQuery(query));
}

/**
 * Reads a query.
 * @throws {Fault}
 */
export function readQuery(text: string): Query {
  checkTokens(text);
  let query: Query;
  try {
    query = (parseText as (text: string) => Query)(text);
  } catch (error) {
    if (error instanceof (ParserError as unknown as new () => Error)) {
      throw syntaxFault(text, error as unknown as Refusal);
    }
    throw error;
  }
  checkQuery(query);
  return query;
}

function syntaxFault(text: string, { location, expected }: Refusal): Fault {
  const at = location.start.offset;
  const found = /^(?:[A-Za-z0-9_.]+|'[^']*'|"[^"]*"|<=|>=|<>|!=|\|\||.)/s.exec(text.slice(at, at + 200))?.[0];
  const words = [...new Set((expected ?? []).flatMap(namesOf))].sort();
  const problem = found === undefined ? 'the query ends too early' : `unexpected ${quoted(found)}`;
  const reserved =
    found !== undefined && words.includes('a name') && RESERVED_WORDS.has(found.toUpperCase())
      ? ` (a reserved word; as a name, write "${found}" with double quotes)`
      : '';
  if (text.startsWith('/*', at)) return new Fault('a comment begins with "/*"', at, { expected: ['--'] });
  return new Fault(problem + reserved, at, { expected: words.slice(0, 12) });
}

function namesOf({ type, text, description, parts }: Expectation): string[] {
  if (type === 'end') return ['the end of the query'];
  if (type === 'other') return description ? [description] : [];
  return (type === 'literal' ? [text ?? ''] : (parts ?? [])).map((sign) => `"${sign}"`);
}
