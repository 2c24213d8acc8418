import type { Request } from 'express';

/** Returns the token of the mail's link that a request was made with; null for a request without one. */
export function linkTokenOf({ headers, query }: Pick<Request, 'headers' | 'query'>): string | null {
  const { link } = query;
  return headers.authorization?.replace(/^Bearer /i, '') ?? (typeof link === 'string' ? link : null);
}
