import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { tapSchemaRows } from './tap-schema';

/** Keeps the tables of TAP_SCHEMA equal to the description of the columns. */
@Injectable()
export class TapSchemaRepository implements OnModuleInit {
  constructor(private readonly dataSource: DataSource) {}

  /** Replaces every row, in one transaction; instances that start at the same time wait for each other. */
  async onModuleInit(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('almagest.search.tap-schema', 0))`);
      for (const [table, rows] of Object.entries(tapSchemaRows())) {
        await manager.query(`DELETE FROM search.${table}`);
        await manager.query(
          `INSERT INTO search.${table} SELECT * FROM jsonb_populate_recordset(NULL::search.${table}, $1::jsonb)`,
          [JSON.stringify(rows)],
        );
      }
    });
  }
}
