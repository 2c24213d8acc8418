import { MigrationInterface, QueryRunner } from 'typeorm';

export class PlanAndHoldUps1795417079898 implements MigrationInterface {
  name = 'PlanAndHoldUps1795417079898';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "ingest"."delivery" ADD "plan" text`);
    await queryRunner.query(`ALTER TABLE "ingest"."delivery" ADD "hold_ups" integer NOT NULL DEFAULT '0'`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "ingest"."delivery" DROP COLUMN "hold_ups"`);
    await queryRunner.query(`ALTER TABLE "ingest"."delivery" DROP COLUMN "plan"`);
  }
}
