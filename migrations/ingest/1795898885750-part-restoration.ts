import { MigrationInterface, QueryRunner } from 'typeorm';

export class PartRestoration1795898885750 implements MigrationInterface {
  name = 'PartRestoration1795898885750';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "ingest"."part_restoration" ("id" uuid NOT NULL, "failures" integer NOT NULL DEFAULT '0', "hold_ups" integer NOT NULL DEFAULT '0', "last_failure" text, "object_key" text NOT NULL, "lost" jsonb NOT NULL, "state" text NOT NULL, CONSTRAINT "PK_ef9b02c3079431f7f080b1da7e2" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "part_restoration_waiting" ON "ingest"."part_restoration"  ("object_key") WHERE state = 'waiting'`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "ingest"."part_restoration_waiting"`);
    await queryRunner.query(`DROP TABLE "ingest"."part_restoration"`);
  }
}
