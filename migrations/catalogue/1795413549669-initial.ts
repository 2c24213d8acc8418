import { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1795413549669 implements MigrationInterface {
  name = 'Initial1795413549669';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "catalogue"."inbox" ("id" text NOT NULL, "handled_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_ab7abc299fab4bb4f965549c819" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "catalogue"."outbox" ("id" uuid NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "aggregatetype" text NOT NULL, "aggregateid" text NOT NULL, "type" text NOT NULL, "payload" jsonb NOT NULL, CONSTRAINT "PK_340ab539f309f03bdaa14aa7649" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_eaeb48f0dd30890d452d108804" ON "catalogue"."outbox"  ("position") `);
    await queryRunner.query(
      `CREATE TABLE "catalogue"."delivery" ("id" uuid NOT NULL, "project" text NOT NULL, "ous" text NOT NULL, "level" text NOT NULL, "revision" integer NOT NULL, "state" text NOT NULL, "outcome" text NOT NULL, "mode" text NOT NULL, "parts" integer NOT NULL, "files" integer NOT NULL, "bytes" bigint NOT NULL, "catalogued_at" TIMESTAMP WITH TIME ZONE NOT NULL, "replaced_at" TIMESTAMP WITH TIME ZONE, "release_date" date, "report" jsonb NOT NULL, CONSTRAINT "delivery_ous_revision" UNIQUE ("ous", "revision"), CONSTRAINT "PK_ffad7bf84e68716cd9af89003b0" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "catalogue"."delivery_combines" ("delivery_id" uuid NOT NULL, "member_uid" text NOT NULL, "member_delivery_id" uuid NOT NULL, "member_revision" integer NOT NULL, CONSTRAINT "PK_b045dc1a77cfdca5842d29ff395" PRIMARY KEY ("delivery_id", "member_uid"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "catalogue"."part" ("delivery_id" uuid NOT NULL, "name" text NOT NULL, "position" integer NOT NULL, "size" bigint NOT NULL, "sha256" text NOT NULL, "object_key" text NOT NULL, CONSTRAINT "PK_807abab14b56b4c00e252c18c1d" PRIMARY KEY ("delivery_id", "name"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "catalogue"."member_file" ("delivery_id" uuid NOT NULL, "path" text COLLATE "C" NOT NULL, "part" text NOT NULL, "data_offset" bigint NOT NULL, "size" bigint NOT NULL, "sha256" text NOT NULL, "item" smallint, "role" text NOT NULL, "segments" jsonb, CONSTRAINT "PK_f4cf2671be886055609a853088a" PRIMARY KEY ("delivery_id", "path"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "catalogue"."obs_unit_set" ("uid" text NOT NULL, "level" text NOT NULL, "project" text NOT NULL, "science_goal" text NOT NULL, "group_uid" text NOT NULL, "listed" boolean NOT NULL DEFAULT true, "array" text, "scheduling_block" jsonb, "revision" integer, "state" text NOT NULL DEFAULT 'awaited', "outcome" text, "delivery_id" uuid, CONSTRAINT "PK_6d1a8276b2df4831ec2797872ec" PRIMARY KEY ("uid"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_dfd6d1b0b793988797aca8fe55" ON "catalogue"."obs_unit_set"  ("project") `,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_a21493c7cb6fb8f48484f6b558" ON "catalogue"."obs_unit_set"  ("group_uid") `,
    );
    await queryRunner.query(
      `CREATE TABLE "catalogue"."execution_block" ("member_uid" text NOT NULL, "uid" text NOT NULL, "use" text NOT NULL, "asdm_size" bigint NOT NULL, "asdm_location" text NOT NULL, CONSTRAINT "PK_c60d54af88d4e85123b9f33e5e3" PRIMARY KEY ("member_uid", "uid"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "catalogue"."group_readiness" ("group_uid" text NOT NULL, "number" integer NOT NULL, "since" TIMESTAMP WITH TIME ZONE NOT NULL, "members" jsonb NOT NULL, "withdrawn_at" TIMESTAMP WITH TIME ZONE, "withdrawn_reason" text, CONSTRAINT "PK_cf267259e555ae853c9d3477c95" PRIMARY KEY ("group_uid", "number"))`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "catalogue"."group_readiness"`);
    await queryRunner.query(`DROP TABLE "catalogue"."execution_block"`);
    await queryRunner.query(`DROP INDEX "catalogue"."IDX_a21493c7cb6fb8f48484f6b558"`);
    await queryRunner.query(`DROP INDEX "catalogue"."IDX_dfd6d1b0b793988797aca8fe55"`);
    await queryRunner.query(`DROP TABLE "catalogue"."obs_unit_set"`);
    await queryRunner.query(`DROP TABLE "catalogue"."member_file"`);
    await queryRunner.query(`DROP TABLE "catalogue"."part"`);
    await queryRunner.query(`DROP TABLE "catalogue"."delivery_combines"`);
    await queryRunner.query(`DROP TABLE "catalogue"."delivery"`);
    await queryRunner.query(`DROP INDEX "catalogue"."IDX_eaeb48f0dd30890d452d108804"`);
    await queryRunner.query(`DROP TABLE "catalogue"."outbox"`);
    await queryRunner.query(`DROP TABLE "catalogue"."inbox"`);
  }
}
