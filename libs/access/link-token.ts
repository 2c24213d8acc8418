import type { Request } from 'express';
import type { Caller } from './caller';

/**
 * Returns the token of the mail's link that a caller came with, to write it into a script for the recipient. Null for
 * every other caller: a personal token is never written into a script.
 */
export function linkTokenOf(
  caller: Caller | null,
  { headers, query }: Pick<Request, 'headers' | 'query'>,
): string | null {
  if (caller?.link == null) return null;
  const { link } = query;
  return headers.authorization?.replace(/^Bearer /i, '') ?? (typeof link === 'string' ? link : null);
}
