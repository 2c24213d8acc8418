import { BodyLimitError, DomainError, readBody } from '@almagest/platform';
import type { Request } from 'express';
import { badParameter } from '../search.error';

/** The largest body of a request without uploads: a query of 100,000 characters has room in it. */
const BODY_BYTES = 1024 * 1024;
const BODY_MS = 60_000;

/**
 * Reads the parameters of a VO request, of its URL and of its form. Names do not differ by case (DALI 1.1, 3.1). Unknown
 * ones are ignored.
 */
export class DaliParameters {
  private constructor(private readonly values: ReadonlyMap<string, readonly string[]>) {}

  /** @throws DomainError `search.bad-parameter`, `search.unsupported-form` */
  static async of(request: Request): Promise<DaliParameters> {
    const values = new Map<string, string[]>();
    const url = new URL(request.originalUrl, 'http://archive.invalid');
    for (const [name, value] of [...url.searchParams, ...(await formOf(request))]) {
      const key = name.toUpperCase();
      values.set(key, [...(values.get(key) ?? []), value]);
    }
    return new DaliParameters(values);
  }

  /**
   * Returns a parameter that can be given once; null when it is missing or empty.
   * @throws DomainError `search.bad-parameter` when it is given several times with different values
   */
  one(name: string): string | null {
    const given = [...new Set(this.all(name))];
    if (given.length > 1) throw badParameter(`${name} is given ${given.length} times, with different values`);
    return given[0] ?? null;
  }

  /** Returns every value of a parameter that is not empty. */
  all(name: string): readonly string[] {
    return (this.values.get(name) ?? []).filter((value) => value !== '');
  }

  /**
   * Returns a parameter that is a whole number, not negative; null when it is missing.
   * @throws DomainError `search.bad-parameter`
   */
  number(name: string): number | null {
    const text = this.one(name)?.trim() ?? null;
    if (text === null) return null;
    if (!/^\+?\d{1,15}$/.test(text)) throw badParameter(`${name} is '${text}'; expected a whole number such as 1000`);
    return Number(text);
  }
}

async function formOf(request: Request): Promise<[string, string][]> {
  if (request.method !== 'POST') return [];
  const type = request.headers['content-type'] ?? '';
  const isUrlEncoded = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type);
  const isMultipart = /^multipart\/form-data\s*;/i.test(type);
  if (!isUrlEncoded && !isMultipart) {
    if (type === '') return [];
    const message = `The body is ${type}; expected application/x-www-form-urlencoded or multipart/form-data`;
    throw new DomainError('unsupported', 'search.unsupported-form', message);
  }
  const body = await bodyOf(request);
  if (isUrlEncoded) return [...new URLSearchParams(body.toString())];
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData().catch(() => {
    throw badParameter('The body is not a multipart form');
  });
  return [...form].flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []));
}

async function bodyOf(request: Request): Promise<Buffer> {
  try {
    return await readBody(request, { bytes: BODY_BYTES, milliseconds: BODY_MS });
  } catch (error) {
    if (error instanceof BodyLimitError) throw badParameter(`The request is too large: ${error.message}`);
    throw error;
  }
}
