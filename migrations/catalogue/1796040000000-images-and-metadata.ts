import { MigrationInterface, QueryRunner } from 'typeorm';

export class ImagesAndMetadata1796040000000 implements MigrationInterface {
  name = 'ImagesAndMetadata1796040000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "catalogue"."project_metadata" ("position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "project" text NOT NULL, "revision" integer NOT NULL, "state" text NOT NULL, "content" jsonb NOT NULL, "fingerprint" text NOT NULL, "source" text NOT NULL, "by" text NOT NULL, "recorded_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "project_metadata_content" UNIQUE ("project", "revision", "fingerprint"), CONSTRAINT "PK_1efab0b55747fc3f72ff3ac93c3" PRIMARY KEY ("position"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "project_metadata_recorded" ON "catalogue"."project_metadata"  ("project", "revision") WHERE state = 'recorded'`,
    );
    await queryRunner.query(`ALTER TABLE "catalogue"."member_file" ADD "image" jsonb`);
    await queryRunner.query(`ALTER TABLE "catalogue"."execution_block" ADD "observation" jsonb`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "catalogue"."execution_block" DROP COLUMN "observation"`);
    await queryRunner.query(`ALTER TABLE "catalogue"."member_file" DROP COLUMN "image"`);
    await queryRunner.query(`DROP INDEX "catalogue"."project_metadata_recorded"`);
    await queryRunner.query(`DROP TABLE "catalogue"."project_metadata"`);
  }
}
