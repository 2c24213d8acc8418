import { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1795413546869 implements MigrationInterface {
  name = 'Initial1795413546869';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "ingest"."inbox" ("id" text NOT NULL, "handled_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_ab7abc299fab4bb4f965549c819" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "ingest"."outbox" ("id" uuid NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "aggregatetype" text NOT NULL, "aggregateid" text NOT NULL, "type" text NOT NULL, "payload" jsonb NOT NULL, CONSTRAINT "PK_340ab539f309f03bdaa14aa7649" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_eaeb48f0dd30890d452d108804" ON "ingest"."outbox"  ("position") `);
    await queryRunner.query(
      `CREATE TABLE "ingest"."delivery" ("id" uuid NOT NULL, "ous" text NOT NULL, "result" jsonb NOT NULL, "state" text NOT NULL, "failures" integer NOT NULL DEFAULT '0', "last_failure" text, CONSTRAINT "PK_ffad7bf84e68716cd9af89003b0" PRIMARY KEY ("id"))`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "ingest"."delivery"`);
    await queryRunner.query(`DROP INDEX "ingest"."IDX_eaeb48f0dd30890d452d108804"`);
    await queryRunner.query(`DROP TABLE "ingest"."outbox"`);
    await queryRunner.query(`DROP TABLE "ingest"."inbox"`);
  }
}
