import { DeliveryRow, PartRow } from '@almagest/catalogue-db';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
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
    const row = await this.dataSource.manager
      .createQueryBuilder(PartRow, 'part')
      .innerJoin(DeliveryRow, 'delivery', 'delivery.id = part.delivery_id')
      .leftJoin(CheckedObjectRow, 'checked', 'checked.object_key = part.object_key')
      .select('part.object_key', 'objectKey')
      .addSelect('part.size', 'size')
      .addSelect('part.sha256', 'sha256')
      .addSelect('delivery.catalogued_at', 'since')
      .addSelect('checked.damaged_version', 'damaged')
      .where('part.delivery_id = :deliveryId AND part.name = :name', { deliveryId, name })
      .getRawOne<Raw<StoredPart>>();
    return row === undefined ? null : { ...row, size: Number(row.size) };
  }
}

/** A row as the driver returns it: a bigint is a string. */
type Raw<Row> = { [Name in keyof Row]: Row[Name] extends number ? string : Row[Name] };
