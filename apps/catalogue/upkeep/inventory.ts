import { type ObjectInfo, type ObjectStore, ObjectStoreError } from '@almagest/object-store';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** An object that the catalogue relies on: a part, a manifest, or a withdrawal note. */
export interface CataloguedObject {
  kind: (typeof TABLES)[number];
  key: string;
  /** Size and digest are null for a manifest that was catalogued before the archive recorded them. */
  size: number | null;
  /** Hexadecimal. */
  sha256: string | null;
}

/** Rows read by one statement. */
const PAGE = 5000;
/** Concurrent requests to the object store. */
const CONCURRENT_HEADS = 16;

const TABLES = ['part', 'manifest', 'withdrawal'] as const;
const OBJECTS = TABLES.map(objectsOf).join(' UNION ALL ');

/** The objects that must be in the object store. */
@Injectable()
export class CataloguedObjects {
  constructor(private readonly dataSource: DataSource) {}

  /** Yields all objects after a key, in byte order of the keys. Holds one page in memory and no transaction open. */
  async *after(key: string): AsyncGenerator<CataloguedObject> {
    for (let last = key; ;) {
      const page = await this.page(last);
      yield* page;
      const end = page.at(-1);
      if (end === undefined || page.length < PAGE) return;
      last = end.key;
    }
  }

  /** Counts the objects with a known digest after a key, and their bytes. */
  async count(key: string): Promise<{ objects: number; bytes: number }> {
    const [row] = await this.dataSource.query<{ objects: string; bytes: string }[]>(
      `SELECT count(*) AS objects, coalesce(sum(size), 0) AS bytes FROM (${OBJECTS}) AS object
        WHERE object_key > $1 AND sha256 IS NOT NULL`,
      [key],
    );
    return { objects: Number(row?.objects), bytes: Number(row?.bytes) };
  }

  /** Returns the objects with these keys that are in the catalogue now. */
  async among(keys: readonly string[]): Promise<Map<string, CataloguedObject>> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT * FROM (${OBJECTS}) AS object WHERE object_key = ANY ($1)`,
      [keys],
    );
    return new Map(rows.map((row) => [row.object_key, objectOf(row)]));
  }

  private async page(after: string): Promise<CataloguedObject[]> {
    const page = (table: CataloguedObject['kind']): string =>
      `(${objectsOf(table)} WHERE object_key > $1 ORDER BY object_key LIMIT $2)`;
    const rows = await this.dataSource.query<Row[]>(
      `${TABLES.map(page).join(' UNION ALL ')} ORDER BY object_key LIMIT $2`,
      [after, PAGE],
    );
    return rows.map(objectOf);
  }
}

/** Returns the properties of each of these objects; null for an object that is not in the store. */
export async function headObjects(store: ObjectStore, keys: readonly string[]): Promise<(ObjectInfo | null)[]> {
  const infos: (ObjectInfo | null)[] = [];
  for (let at = 0; at < keys.length; at += CONCURRENT_HEADS) {
    infos.push(...(await Promise.all(keys.slice(at, at + CONCURRENT_HEADS).map((key) => store.head(key)))));
  }
  return infos;
}

/**
 * Distinguishes a lost object from an unavailable store: a directory that is not mounted looks like an empty one.
 * @throws ObjectStoreError `object-store.unavailable` when the store lists no objects
 */
export async function assertNotEmpty(store: ObjectStore): Promise<void> {
  for await (const _object of store.list('')) return;
  throw new ObjectStoreError('object-store.unavailable', 'the object store lists no objects: is it mounted?');
}

function objectsOf(table: CataloguedObject['kind']): string {
  return `SELECT '${table}' AS kind, object_key, size, sha256 FROM catalogue.${table}`;
}

interface Row {
  kind: CataloguedObject['kind'];
  object_key: string;
  size: string | null;
  sha256: string | null;
}

function objectOf({ kind, object_key: key, size, sha256 }: Row): CataloguedObject {
  return { kind, key, size: size === null ? null : Number(size), sha256 };
}
