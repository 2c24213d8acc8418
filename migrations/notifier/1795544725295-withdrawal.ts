import { MigrationInterface, QueryRunner } from 'typeorm';

export class Withdrawal1795544725295 implements MigrationInterface {
  name = 'Withdrawal1795544725295';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "notifier"."notice" ADD "withdrawn" jsonb`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "notifier"."notice" DROP COLUMN "withdrawn"`);
  }
}
