import { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1795414793684 implements MigrationInterface {
  name = 'Initial1795414793684';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "intake"."inbox" ("id" text NOT NULL, "handled_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_ab7abc299fab4bb4f965549c819" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "intake"."outbox" ("id" uuid NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "aggregatetype" text NOT NULL, "aggregateid" text NOT NULL, "type" text NOT NULL, "payload" jsonb NOT NULL, CONSTRAINT "PK_340ab539f309f03bdaa14aa7649" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_eaeb48f0dd30890d452d108804" ON "intake"."outbox"  ("position") `);
    await queryRunner.query(
      `CREATE TABLE "intake"."qa2_result" ("id" uuid NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "project" text NOT NULL, "group_uid" text NOT NULL, "ous" text NOT NULL, "level" text NOT NULL, "revision" integer NOT NULL, "outcome" text NOT NULL, "content" jsonb NOT NULL, "fingerprint" text NOT NULL, "state" text NOT NULL, "report" jsonb, CONSTRAINT "qa2_result_ous_revision" UNIQUE ("ous", "revision"), CONSTRAINT "PK_7f9a8f9b98afc5bf57fd884f418" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_75b970ba814bc87049a993bf95" ON "intake"."qa2_result"  ("position") `);
    await queryRunner.query(`CREATE INDEX "IDX_faf0170657f6e0387dd366535a" ON "intake"."qa2_result"  ("group_uid") `);
    await queryRunner.query(
      `CREATE TABLE "intake"."qa2_result_history" ("position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "result_id" uuid NOT NULL, "state" text NOT NULL, "at" TIMESTAMP WITH TIME ZONE NOT NULL, "detail" text, CONSTRAINT "PK_6f9109e7fd0a087936fcd56f60a" PRIMARY KEY ("position"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_6097908bb48bf1d0535df7f96e" ON "intake"."qa2_result_history"  ("result_id") `,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "intake"."IDX_6097908bb48bf1d0535df7f96e"`);
    await queryRunner.query(`DROP TABLE "intake"."qa2_result_history"`);
    await queryRunner.query(`DROP INDEX "intake"."IDX_faf0170657f6e0387dd366535a"`);
    await queryRunner.query(`DROP INDEX "intake"."IDX_75b970ba814bc87049a993bf95"`);
    await queryRunner.query(`DROP TABLE "intake"."qa2_result"`);
    await queryRunner.query(`DROP INDEX "intake"."IDX_eaeb48f0dd30890d452d108804"`);
    await queryRunner.query(`DROP TABLE "intake"."outbox"`);
    await queryRunner.query(`DROP TABLE "intake"."inbox"`);
  }
}
