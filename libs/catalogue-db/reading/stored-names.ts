import type { Caller } from '@almagest/access';
import type { ImageRecord } from '@almagest/contracts';
import { parsePackageName, type Uid } from '@almagest/ous';
import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';

/** A tar part of a current delivery, or a file inside one. */
export interface StoredName {
  deliveryId: string;
  project: string;
  /** The ObsUnitSet that the delivery is named after. */
  ous: Uid;
  part: string;
  /** The path of a file; null for the part itself. */
  path: string | null;
  size: number;
  /** Hexadecimal. */
  sha256: string;
  role: string | null;
  /** Item of §3. */
  item: number | null;
  /** What an image shows; null for other files. */
  image: ImageRecord | null;
}

/** A file of a listing, and whether its name means no other file that the reader may see. */
export interface ListedName extends StoredName {
  isUnique: boolean;
}

const FILE_NAME = `split_part(file.path, '/', -1)`;
const COLUMNS = `delivery.id AS "deliveryId", delivery.project, delivery.ous`;
const PART = `${COLUMNS}, part.name AS part, NULL AS path, part.size, part.sha256, NULL AS role, NULL::int AS item,
              NULL::jsonb AS image`;
const FILE = `${COLUMNS}, file.part, file.path, file.size, file.sha256, file.role, file.item, file.image`;

/** Files of one name that are looked up, and named in a refusal: the same for the guard and for what it protects. */
const NAMESAKES = 20;

/** Looks up, in the current deliveries, what names mean. A file that the reader may not see takes no further look-up. */
@Injectable()
export class StoredNames {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Returns the parts with a name, which are public, and the files with this name or this path that a reader may see, as
   * far as the release dates of their own deliveries say.
   * @param reader null for everybody
   */
  async find(name: string, reader: Caller | null, limit = NAMESAKES): Promise<StoredName[]> {
    // A name is written in one form and delivered in another: macOS decomposes it.
    const forms = [...new Set([name, name.normalize('NFC'), name.normalize('NFD')])];
    const files = forms.map((form) => form.slice(form.lastIndexOf('/') + 1));
    const rows = await this.dataSource.query<Raw<StoredName>[]>(
      `SELECT ${PART} FROM catalogue.part JOIN catalogue.delivery ON delivery.id = part.delivery_id
        WHERE part.name = $1 AND delivery.state = 'current'
       UNION ALL
       SELECT ${FILE} FROM catalogue.member_file AS file JOIN catalogue.delivery ON delivery.id = file.delivery_id
        WHERE ${FILE_NAME} = ANY ($2) AND (NOT $3 OR file.path = ANY ($4)) AND delivery.state = 'current'
          AND ${visible(5)} LIMIT $9`,
      [name, files, name.includes('/'), forms, ...visibleTo(reader), limit],
    );
    return rows.map(parsed);
  }

  /** Returns the ObsUnitSets whose raw data have the tar of this name; empty for any other name. */
  async rawDataOf(name: string): Promise<Uid[]> {
    const parsedName = parsePackageName(name);
    if (parsedName?.kind !== 'raw') return [];
    const rows = await this.dataSource.query<{ ous: Uid }[]>(
      `SELECT block.member_uid AS ous FROM catalogue.execution_block AS block
         JOIN catalogue.obs_unit_set AS unit ON unit.uid = block.member_uid
        WHERE block.uid = $1 AND ($2::text IS NULL OR unit.project = $2) ORDER BY 1 LIMIT 10`,
      [parsedName.executionBlock, parsedName.project],
    );
    return rows.map(({ ous }) => ous);
  }

  /** Returns the parts of a delivery in their order. */
  async parts(deliveryId: string): Promise<StoredName[]> {
    const rows = await this.dataSource.query<Raw<StoredName>[]>(
      `SELECT ${PART} FROM catalogue.part JOIN catalogue.delivery ON delivery.id = part.delivery_id
        WHERE delivery.id = $1 ORDER BY part.position`,
      [deliveryId],
    );
    return rows.map(parsed);
  }

  /**
   * Returns the files of a delivery after path `after`, sorted by path, that are in a part, or have a role.
   * @param reader decides which other files with the same name count
   */
  async files(
    deliveryId: string,
    { part = null, role = null }: { part?: string | null; role?: string | null },
    reader: Caller | null,
    after: string,
    limit: number,
  ): Promise<ListedName[]> {
    const rows = await this.dataSource.query<Raw<ListedName>[]>(
      `SELECT listed.*, NOT EXISTS (
                SELECT FROM catalogue.member_file AS file JOIN catalogue.delivery ON delivery.id = file.delivery_id
                 WHERE ${FILE_NAME} = split_part(listed.path, '/', -1) AND delivery.state = 'current'
                   AND (delivery.id, file.path) <> (listed."deliveryId", listed.path)
                   AND (delivery.id = listed."deliveryId" OR ${visible(6)})) AS "isUnique"
         FROM (SELECT ${FILE} FROM catalogue.member_file AS file
                 JOIN catalogue.delivery ON delivery.id = file.delivery_id
                WHERE delivery.id = $1 AND ($2::text IS NULL OR file.part = $2) AND ($3::text IS NULL OR file.role = $3)
                  AND file.path > $4 ORDER BY file.path LIMIT $5) AS listed
        ORDER BY listed.path`,
      [deliveryId, part, role, after, limit, ...visibleTo(reader)],
    );
    return rows.map((row) => ({ ...parsed(row), isUnique: row.isUnique }));
  }

  /** Counts the files of a part, and those that are uncompressed FITS images, and not empty. */
  async count(deliveryId: string, part: string): Promise<{ files: number; images: number }> {
    const [row] = await this.dataSource.query<{ files: string; images: string }[]>(
      `SELECT count(*) AS files, count(image) FILTER (WHERE path ILIKE '%.fits' AND size > 0) AS images FROM catalogue.member_file WHERE delivery_id = $1 AND part = $2`,
      [deliveryId, part],
    );
    return { files: Number(row?.files ?? 0), images: Number(row?.images ?? 0) };
  }
}

/** The condition that a reader may see the files of a delivery; its values, from `first` on, are those of `visibleTo`. */
function visible(first: number): string {
  const [all, today, projects, delivery] = [first, first + 1, first + 2, first + 3];
  return (
    `($${all}::boolean OR delivery.release_date < $${today}::date OR delivery.project = ANY ($${projects}::text[])` +
    ` OR delivery.id = $${delivery}::uuid)`
  );
}

function visibleTo(reader: Caller | null): unknown[] {
  const today = new Date().toISOString().slice(0, 10);
  return [
    reader?.scopes.includes('archive:read') ?? false,
    today,
    reader?.projects ?? [],
    reader?.link?.delivery ?? null,
  ];
}

/** A row as the driver returns it: a bigint is a string. */
type Raw<Row> = Omit<Row, 'size'> & { size: string };

function parsed(row: Raw<StoredName>): StoredName {
  const { deliveryId, project, ous, part, path, size, sha256, role, item, image } = row;
  return { deliveryId, project, ous, part, path, size: Number(size), sha256, role, item, image };
}
