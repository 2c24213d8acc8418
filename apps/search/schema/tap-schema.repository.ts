import { lockUntilCommit } from '@almagest/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { insertRows } from '../insert-rows';
import { tapSchemaRows } from './tap-schema';

/** Keeps the tables of TAP_SCHEMA equal to the description of the columns. */
@Injectable()
export class TapSchemaRepository implements OnModuleInit {
  constructor(private readonly dataSource: DataSource) {}

  /** Replaces every row, in one transaction; instances that start at the same time wait for each other. */
  async onModuleInit(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await lockUntilCommit(manager, ['almagest.search.tap-schema']);
      for (const [table, rows] of Object.entries(tapSchemaRows())) {
        await manager.query(`DELETE FROM search.${table}`);
        await insertRows(manager, table, rows);
      }
    });
  }
}
