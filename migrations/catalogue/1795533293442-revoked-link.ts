import { MigrationInterface, QueryRunner } from 'typeorm';

export class RevokedLink1795533293442 implements MigrationInterface {
  name = 'RevokedLink1795533293442';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "catalogue"."revoked_link" ("id" uuid NOT NULL, "revoked_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_b328b5410ab5604fc877153608e" PRIMARY KEY ("id"))`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "catalogue"."revoked_link"`);
  }
}
