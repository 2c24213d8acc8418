import { DomainError } from '@almagest/platform';

/** A query that is refused because of what it costs, not of what it says. */
export function tooExpensive(message: string): DomainError {
  return new DomainError('invalid', 'search.query-too-expensive', message);
}

/** A parameter of a VO request that is missing or wrong. */
export function badParameter(message: string): DomainError {
  return new DomainError('invalid', 'search.bad-parameter', message);
}

/** A table that comes with a query and cannot be used. */
export function badUpload(message: string): DomainError {
  return new DomainError('invalid', 'search.bad-upload', message);
}

/** A result that is larger than the archive stores. @param limit bytes */
export function resultTooLarge(limit: number): DomainError {
  const message = `The result has more than ${limit / 1024 ** 2} MB; ask for fewer rows or columns, or in several queries`;
  return new DomainError('invalid', 'search.result-too-large', message);
}
