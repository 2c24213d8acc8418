import { z } from 'zod';
import { DomainError } from '../errors';

/** The query of every list: how many items, and the cursor the page before ended with. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(2048).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** An opaque cursor that holds the sort key of the last item of a page. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * The sort key inside a cursor; null at the first page.
 * @throws DomainError `http.cursor-invalid`
 */
export function decodeCursor<Schema extends z.ZodType>(
  cursor: string | undefined,
  key: Schema,
): z.infer<Schema> | null {
  if (cursor === undefined) return null;
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new DomainError('invalid', 'http.cursor-invalid', 'The cursor is not one of this list', {
      violations: [{ pointer: '/cursor', message: 'expected the `next` of the page before' }],
    });
  }
}

/** Makes a page of `limit` items out of `limit + 1` rows read. */
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
