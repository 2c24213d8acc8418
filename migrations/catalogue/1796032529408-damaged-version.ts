import { MigrationInterface, QueryRunner } from 'typeorm';

export class DamagedVersion1796032529408 implements MigrationInterface {
  name = 'DamagedVersion1796032529408';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "catalogue"."checked_object" ADD "damaged_version" text`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "catalogue"."checked_object" DROP COLUMN "damaged_version"`);
  }
}
