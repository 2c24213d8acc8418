import { BodyLimitError, DomainError, readBody } from '@almagest/platform';
import type { Request } from 'express';
import { badParameter } from '../search.error';
import { type FormFile, type MultipartForm, readMultipart } from '../uploads/multipart-form';

/** The largest body of a request without uploads: a query of 100,000 characters has room in it. */
const BODY_BYTES = 1024 * 1024;
const BODY_MS = 60_000;

/**
 * Reads the parameters of a VO request, of its URL and of its form. Names do not differ by case (DALI 1.1, 3.1). Unknown
 * ones are ignored.
 */
export class DaliParameters {
  private constructor(
    private readonly values: ReadonlyMap<string, readonly string[]>,
    private readonly files: ReadonlyMap<string, FormFile>,
  ) {}

  /**
   * @param fileBytes bytes of the files of a multipart form at most; 0 ignores them. The caller closes parameters with files.
   * @throws DomainError `search.bad-parameter`, `search.unsupported-form`
   */
  static async of(request: Request, fileBytes = 0): Promise<DaliParameters> {
    const url = new URL(request.originalUrl, 'http://archive.invalid');
    const { fields, files } = await formOf(request, fileBytes);
    return DaliParameters.from([...url.searchParams, ...fields], files);
  }

  /** Returns the parameters that these pairs of a name and a value state. */
  static from(
    pairs: Iterable<readonly [string, string]>,
    files: ReadonlyMap<string, FormFile> = new Map(),
  ): DaliParameters {
    const values = new Map<string, string[]>();
    for (const [name, value] of pairs) {
      const key = name.toUpperCase();
      const known = values.get(key);
      if (known === undefined) values.set(key, [value]);
      else known.push(value);
    }
    return new DaliParameters(values, files);
  }

  /** Frees the files. */
  async close(): Promise<void> {
    await Promise.all([...this.files.values()].map(({ content }) => content.close()));
  }

  /** Returns the file of a multipart form with this name; undefined when there is none. */
  file(name: string): FormFile | undefined {
    return this.files.get(name);
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

async function formOf(request: Request, fileBytes: number): Promise<MultipartForm> {
  const files = new Map<string, FormFile>();
  if (request.method !== 'POST') return { fields: [], files };
  const type = request.headers['content-type'] ?? '';
  if (/^multipart\/form-data\s*;/i.test(type)) return readMultipart(request, { fields: BODY_BYTES, files: fileBytes });
  if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    return { fields: [...new URLSearchParams((await bodyOf(request)).toString())], files };
  }
  if (type === '') return { fields: [], files };
  const message = `The body is ${type}; expected application/x-www-form-urlencoded or multipart/form-data`;
  throw new DomainError('unsupported', 'search.unsupported-form', message);
}

async function bodyOf(request: Request): Promise<Buffer> {
  try {
    return await readBody(request, { bytes: BODY_BYTES, milliseconds: BODY_MS });
  } catch (error) {
    if (error instanceof BodyLimitError) throw badParameter(`The request is too large: ${error.message}`);
    throw error;
  }
}
