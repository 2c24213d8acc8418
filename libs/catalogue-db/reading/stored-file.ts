import type { ImageRecord, ManifestFile } from '@almagest/contracts';
import type { DataSource } from 'typeorm';

/** Where the bytes of a file are stored: at `offset` in its part, or in the segments of a sparse member. */
export interface StoredFile {
  objectKey: string;
  /** Bytes of the part. */
  partSize: number;
  offset: number;
  segments: ManifestFile['segments'];
  /** Bytes of the file. */
  size: number;
  /** Hexadecimal. */
  sha256: string;
  /** What an image shows; null for other files. */
  image: ImageRecord | null;
  /** The version of the part that a scrub found damaged. */
  damaged: string | null;
  /** When the delivery became visible. */
  since: Date;
}

/** Returns where a file of a delivery is stored; null when the delivery has none of this path. */
export async function storedFile(source: DataSource, deliveryId: string, path: string): Promise<StoredFile | null> {
  const [row] = await source.query<Raw<StoredFile>[]>(
    `SELECT part.object_key AS "objectKey", part.size AS "partSize", file.data_offset AS offset, file.segments,
            file.size, file.sha256, file.image, checked.damaged_version AS damaged, delivery.catalogued_at AS since
       FROM catalogue.member_file AS file
       JOIN catalogue.part ON part.delivery_id = file.delivery_id AND part.name = file.part
       JOIN catalogue.delivery ON delivery.id = file.delivery_id
       LEFT JOIN catalogue.checked_object AS checked ON checked.object_key = part.object_key
      WHERE file.delivery_id = $1 AND file.path IN ($2, $3, $4)
      -- A name is written in one form and delivered in another: macOS decomposes it. The exact one comes first.
      ORDER BY file.path = $2 DESC LIMIT 1`,
    [deliveryId, path, path.normalize('NFC'), path.normalize('NFD')],
  );
  if (row === undefined) return null;
  return { ...row, partSize: Number(row.partSize), size: Number(row.size), offset: Number(row.offset) };
}

/** A row as the driver returns it: a bigint is a string. */
type Raw<Row> = { [Name in keyof Row]: Row[Name] extends number ? string : Row[Name] };
