import { MigrationInterface, QueryRunner } from 'typeorm';

export class Withdrawal1795544719662 implements MigrationInterface {
  name = 'Withdrawal1795544719662';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "catalogue"."withdrawal" ("delivery_id" uuid NOT NULL, "object_key" text COLLATE "C" NOT NULL, "size" bigint NOT NULL, "sha256" text NOT NULL, "withdrawn_at" TIMESTAMP WITH TIME ZONE NOT NULL, "was" text NOT NULL, "by" jsonb NOT NULL, "reason" text, CONSTRAINT "PK_07c904f7d503bd55f88040c713a" PRIMARY KEY ("delivery_id"))`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "withdrawal_object_key" ON "catalogue"."withdrawal"  ("object_key") `);
    await queryRunner.query(`ALTER TABLE "catalogue"."obs_unit_set" ADD "failed" jsonb`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "catalogue"."obs_unit_set" DROP COLUMN "failed"`);
    await queryRunner.query(`DROP INDEX "catalogue"."withdrawal_object_key"`);
    await queryRunner.query(`DROP TABLE "catalogue"."withdrawal"`);
  }
}
