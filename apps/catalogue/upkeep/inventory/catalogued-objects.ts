import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** An object that the catalogue relies on: a part, a manifest, or the note that a delivery is withdrawn. */
export interface CataloguedObject {
  kind: (typeof TABLES)[number];
  key: string;
  /** Null, with the digest, for a manifest catalogued before they were recorded. */
  size: number | null;
  /** Hexadecimal. */
  sha256: string | null;
}

/** Rows read by one statement. */
const PAGE = 5000;

const TABLES = ['part', 'manifest', 'withdrawal'] as const;
const OBJECTS = TABLES.map(objectsOf).join(' UNION ALL ');

/** The objects that must be in the store. */
@Injectable()
export class CataloguedObjects {
  constructor(private readonly dataSource: DataSource) {}

  /** All of them after a key, in byte order of the keys; a page of them in memory, no transaction held open. */
  async *after(key: string): AsyncGenerator<CataloguedObject> {
    for (let last = key; ;) {
      const page = await this.page(last);
      yield* page;
      const end = page.at(-1);
      if (end === undefined || page.length < PAGE) return;
      last = end.key;
    }
  }

  /** How many with a known digest there are after a key, and their bytes. */
  async count(key: string): Promise<{ objects: number; bytes: number }> {
    const [row] = await this.dataSource.query<{ objects: string; bytes: string }[]>(
      `SELECT count(*) AS objects, coalesce(sum(size), 0) AS bytes FROM (${OBJECTS}) AS object
        WHERE object_key > $1 AND sha256 IS NOT NULL`,
      [key],
    );
    return { objects: Number(row?.objects), bytes: Number(row?.bytes) };
  }

  /** Those of these keys that are catalogued now. */
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
