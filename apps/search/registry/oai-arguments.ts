import { BodyLimitError, DomainError, readBody } from '@almagest/platform';
import type { Request } from 'express';
import { badParameter } from '../search.error';

/** An argument is an identifier or a date. */
const LIMITS = { bytes: 16 * 1024, milliseconds: 10_000 };

/**
 * Reads the arguments of a request of OAI-PMH, of its URL or of its form, in order. Their names differ by case.
 * @throws DomainError `search.unsupported-form`, `search.bad-parameter`
 */
export async function argumentsOf(request: Request): Promise<[string, string][]> {
  const { searchParams } = new URL(request.originalUrl, 'http://archive.invalid');
  return [...searchParams, ...(request.method === 'POST' ? await formOf(request) : [])];
}

async function formOf(request: Request): Promise<[string, string][]> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    const message = `The body is ${type || 'of no type'}; expected application/x-www-form-urlencoded`;
    throw new DomainError('unsupported', 'search.unsupported-form', message);
  }
  try {
    return [...new URLSearchParams((await readBody(request, LIMITS)).toString())];
  } catch (error) {
    if (error instanceof BodyLimitError) throw badParameter(`The request is too large: ${error.message}`);
    throw error;
  }
}
