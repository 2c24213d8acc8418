import { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1795535744355 implements MigrationInterface {
  name = 'Initial1795535744355';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "request_handler"."inbox" ("id" text NOT NULL, "handled_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_ab7abc299fab4bb4f965549c819" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "request_handler"."outbox" ("id" uuid NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "aggregatetype" text NOT NULL, "aggregateid" text NOT NULL, "type" text NOT NULL, "payload" jsonb NOT NULL, CONSTRAINT "PK_340ab539f309f03bdaa14aa7649" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_eaeb48f0dd30890d452d108804" ON "request_handler"."outbox"  ("position") `,
    );
    await queryRunner.query(
      `CREATE TABLE "request_handler"."raw_request" ("id" uuid NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "requester" text NOT NULL, "project" text NOT NULL, "group_uid" text NOT NULL, "ous" text NOT NULL, "revision" integer NOT NULL, "delivery_id" uuid, "notify" jsonb, "state" text NOT NULL, "requested_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "settled_at" TIMESTAMP WITH TIME ZONE, "expires_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_b67068f36f78807e2c0b142e533" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_3c471d4b632b5bb42a52a09026" ON "request_handler"."raw_request"  ("position") `,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_bc414e9dd85e129bcc1d57713e" ON "request_handler"."raw_request"  ("requester") `,
    );
    await queryRunner.query(
      `CREATE TABLE "request_handler"."staged_asdm" ("id" uuid NOT NULL, "project" text NOT NULL, "ous" text NOT NULL, "execution_block" text NOT NULL, "use" text NOT NULL, "location" text NOT NULL, "size" bigint NOT NULL, "file_name" text NOT NULL, "unpacks_to" text NOT NULL, "object_key" text NOT NULL, "state" text NOT NULL, "attempt" integer NOT NULL, "failures" integer NOT NULL, "bytes_done" bigint NOT NULL, "sha256" text, "error" jsonb, "staged_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_80269aec737b4e4acbf7d9a7a42" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_36aec725adf1b14eaed2dc9686" ON "request_handler"."staged_asdm"  ("ous") `,
    );
    await queryRunner.query(
      `CREATE TABLE "request_handler"."raw_request_asdm" ("request_id" uuid NOT NULL, "asdm_id" uuid NOT NULL, CONSTRAINT "PK_76b91210ab5f5aabe0c43a7da85" PRIMARY KEY ("request_id", "asdm_id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_4f5a474ee2460085034ec8cebf" ON "request_handler"."raw_request_asdm"  ("asdm_id") `,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "request_handler"."IDX_4f5a474ee2460085034ec8cebf"`);
    await queryRunner.query(`DROP TABLE "request_handler"."raw_request_asdm"`);
    await queryRunner.query(`DROP INDEX "request_handler"."IDX_36aec725adf1b14eaed2dc9686"`);
    await queryRunner.query(`DROP TABLE "request_handler"."staged_asdm"`);
    await queryRunner.query(`DROP INDEX "request_handler"."IDX_bc414e9dd85e129bcc1d57713e"`);
    await queryRunner.query(`DROP INDEX "request_handler"."IDX_3c471d4b632b5bb42a52a09026"`);
    await queryRunner.query(`DROP TABLE "request_handler"."raw_request"`);
    await queryRunner.query(`DROP INDEX "request_handler"."IDX_eaeb48f0dd30890d452d108804"`);
    await queryRunner.query(`DROP TABLE "request_handler"."outbox"`);
    await queryRunner.query(`DROP TABLE "request_handler"."inbox"`);
  }
}
