import { MigrationInterface, QueryRunner } from 'typeorm';

export class Upkeep1795416924581 implements MigrationInterface {
  name = 'Upkeep1795416924581';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "catalogue"."manifest" ("delivery_id" uuid NOT NULL, "object_key" text COLLATE "C" NOT NULL, "size" bigint, "sha256" text, CONSTRAINT "PK_42d1a68967ce5b0ccc718f762c2" PRIMARY KEY ("delivery_id"))`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "manifest_object_key" ON "catalogue"."manifest"  ("object_key") `);
    await queryRunner.query(
      `CREATE TABLE "catalogue"."rejected_delivery" ("folder" text COLLATE "C" NOT NULL, "delivery_id" uuid NOT NULL, CONSTRAINT "PK_2aaafc679a15158f9ed3a590e8c" PRIMARY KEY ("folder"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "catalogue"."upkeep_run" ("id" uuid NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "kind" text NOT NULL, "state" text NOT NULL, "scheduled" boolean NOT NULL, "repair" boolean NOT NULL, "requested_at" TIMESTAMP WITH TIME ZONE NOT NULL, "started_at" TIMESTAMP WITH TIME ZONE, "ended_at" TIMESTAMP WITH TIME ZONE, "attempt" integer NOT NULL DEFAULT '0', "last_failure" text, "done_to" text NOT NULL DEFAULT '', "progress" jsonb NOT NULL, CONSTRAINT "PK_2f0044745b0e6300d3d620c430f" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_4b324c9e62ec8b8886ea8d6872" ON "catalogue"."upkeep_run"  ("kind", "position") `,
    );
    await queryRunner.query(
      `CREATE TABLE "catalogue"."upkeep_finding" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "run_id" uuid NOT NULL, "kind" text NOT NULL, "object_key" text NOT NULL, "upload_id" text, "expected" text, "found" text, "remark" text NOT NULL, "repair" text, "last_good_at" TIMESTAMP WITH TIME ZONE, "found_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "PK_792d7a4aa812ecf87096bc9adc6" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_0d997a2fbb6c915900c94ef2c4" ON "catalogue"."upkeep_finding"  ("run_id", "id") `,
    );
    await queryRunner.query(
      `CREATE TABLE "catalogue"."checked_object" ("object_key" text COLLATE "C" NOT NULL, "outcome" text NOT NULL, "checked_at" TIMESTAMP WITH TIME ZONE NOT NULL, "good_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_f0b8976f92c11fbdea0e63c5c7a" PRIMARY KEY ("object_key"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "checked_object_damaged" ON "catalogue"."checked_object"  ("outcome") WHERE "outcome" <> 'good'`,
    );
    await queryRunner.query(`ALTER TABLE "catalogue"."part" ALTER COLUMN "object_key" TYPE text COLLATE "C"`);
    await queryRunner.query(`CREATE UNIQUE INDEX "part_object_key" ON "catalogue"."part"  ("object_key") `);
    // Earlier manifests are in the folders of their parts; their digests were not recorded.
    await queryRunner.query(
      `INSERT INTO "catalogue"."manifest" ("delivery_id", "object_key") SELECT "delivery_id", regexp_replace(min("object_key"), '[^/]+$', 'manifest.jsonl') FROM "catalogue"."part" GROUP BY "delivery_id"`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "catalogue"."part_object_key"`);
    await queryRunner.query(
      `ALTER TABLE "catalogue"."part" ALTER COLUMN "object_key" TYPE text COLLATE pg_catalog."default"`,
    );
    await queryRunner.query(`DROP INDEX "catalogue"."checked_object_damaged"`);
    await queryRunner.query(`DROP TABLE "catalogue"."checked_object"`);
    await queryRunner.query(`DROP INDEX "catalogue"."IDX_0d997a2fbb6c915900c94ef2c4"`);
    await queryRunner.query(`DROP TABLE "catalogue"."upkeep_finding"`);
    await queryRunner.query(`DROP INDEX "catalogue"."IDX_4b324c9e62ec8b8886ea8d6872"`);
    await queryRunner.query(`DROP TABLE "catalogue"."upkeep_run"`);
    await queryRunner.query(`DROP TABLE "catalogue"."rejected_delivery"`);
    await queryRunner.query(`DROP INDEX "catalogue"."manifest_object_key"`);
    await queryRunner.query(`DROP TABLE "catalogue"."manifest"`);
  }
}
