import { DeliveryRow, PartRow } from '@almagest/catalogue-db';
import { Injectable } from '@nestjs/common';
import { DataSource, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { CheckedObjectRow } from '../upkeep/scrub/checked-objects';

/** Where the bytes of a part are stored. */
export interface StoredPart {
  objectKey: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
  /** The version of the part that a scrub found damaged. */
  damaged: string | null;
  /** When the delivery became visible. */
  since: Date;
}

/** Looks up what downloads need, with one statement each. Does not read the delivery's report. */
@Injectable()
export class DownloadsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async part(deliveryId: string, name: string): Promise<StoredPart | null> {
    const query = this.dataSource.manager
      .createQueryBuilder(PartRow, 'part')
      .innerJoin(DeliveryRow, 'delivery', 'delivery.id = part.delivery_id')
      .select('part.object_key', 'objectKey')
      .addSelect('part.size', 'size')
      .addSelect('part.sha256', 'sha256')
      .addSelect('delivery.catalogued_at', 'since')
      .where('part.delivery_id = :deliveryId AND part.name = :name', { deliveryId, name });
    const row = await withDamage(query).getRawOne<Raw<StoredPart>>();
    return row === undefined ? null : { ...row, size: Number(row.size) };
  }
}

/** Adds what scrubs found out about the part. */
function withDamage<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>): SelectQueryBuilder<Row> {
  return query
    .leftJoin(CheckedObjectRow, 'checked', 'checked.object_key = part.object_key')
    .addSelect('checked.damaged_version', 'damaged');
}

/** A row as the driver returns it: a bigint is a string. */
type Raw<Row> = { [Name in keyof Row]: Row[Name] extends number ? string : Row[Name] };
