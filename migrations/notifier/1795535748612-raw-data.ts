import { MigrationInterface, QueryRunner } from 'typeorm';

export class RawData1795535748612 implements MigrationInterface {
  name = 'RawData1795535748612';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "notifier"."mail" ADD "occasion" text NOT NULL DEFAULT ''`);
    await queryRunner.query(`ALTER TABLE "notifier"."mail" DROP CONSTRAINT "mail_once"`);
    await queryRunner.query(`ALTER TABLE "notifier"."mail" ALTER COLUMN "delivery_id" DROP NOT NULL`);
    await queryRunner.query(
      `ALTER TABLE "notifier"."mail" ADD CONSTRAINT "mail_once" UNIQUE ("delivery_id", "template", "email", "occasion")`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "notifier"."mail" DROP CONSTRAINT "mail_once"`);
    await queryRunner.query(`ALTER TABLE "notifier"."mail" ALTER COLUMN "delivery_id" SET NOT NULL`);
    await queryRunner.query(
      `ALTER TABLE "notifier"."mail" ADD CONSTRAINT "mail_once" UNIQUE ("delivery_id", "template", "email")`,
    );
    await queryRunner.query(`ALTER TABLE "notifier"."mail" DROP COLUMN "occasion"`);
  }
}
