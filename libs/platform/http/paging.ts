import { parseInput, parseJson } from '@almagest/contracts';
import { z } from 'zod';
import { DomainError } from '../errors';

/** The query of every list: the page size, and the `next` cursor of the previous page. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(2048).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** The largest `bigint` of PostgreSQL. */
const MAX_BIGINT = 2n ** 63n - 1n;

/** The key of a cursor over rows in the order of a `bigint`, in decimal. */
export const bigintKeySchema = z.tuple([
  z.string().refine((digits) => /^\d{1,19}$/.test(digits) && BigInt(digits) <= MAX_BIGINT),
]);

/** The key of a cursor over rows in the order of a text. */
export const textKeySchema = z.tuple([z.string()]);

/** Returns an opaque cursor that contains the sort key of the last item of a page. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * Returns the sort key of a cursor; null for the first page.
 * @throws DomainError `http.cursor-invalid`
 */
export function decodeCursor<Schema extends z.ZodType>(
  cursor: string | undefined,
  key: Schema,
): z.infer<Schema> | null {
  if (cursor === undefined) return null;
  const parsed = parseInput(key, parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid', 'http.cursor-invalid', 'Invalid cursor', {
    violations: [{ pointer: '/cursor', message: 'expected the `next` of the previous page' }],
  });
}

/** Makes a page of `limit` items from up to `limit + 1` rows. */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  key: (row: Row) => readonly (string | number)[],
): { items: Item[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(item), next: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null };
}
