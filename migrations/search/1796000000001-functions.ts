import { functionsSql } from '@almagest/adql';
import { MigrationInterface, QueryRunner } from 'typeorm';

/** Installs, or replaces, the functions that translated queries call. Repeat it when they change. */
export class Functions1796000000001 implements MigrationInterface {
  name = 'Functions1796000000001';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(functionsSql('search'));
  }

  public async down(): Promise<void> {
    // Unused functions do no harm, and an older archive may need them.
  }
}
