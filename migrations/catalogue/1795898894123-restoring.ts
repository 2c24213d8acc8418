import { MigrationInterface, QueryRunner } from 'typeorm';

export class Restoring1795898894123 implements MigrationInterface {
  name = 'Restoring1795898894123';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "catalogue"."upkeep_run" ADD "restoring" integer NOT NULL DEFAULT '0'`);
    await queryRunner.query(`ALTER TABLE "catalogue"."upkeep_run" ADD "restored" integer NOT NULL DEFAULT '0'`);
    await queryRunner.query(
      `CREATE INDEX "upkeep_finding_pending" ON "catalogue"."upkeep_finding"  ("object_key") WHERE repair = 'pending'`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "catalogue"."upkeep_finding_pending"`);
    await queryRunner.query(`ALTER TABLE "catalogue"."upkeep_run" DROP COLUMN "restored"`);
    await queryRunner.query(`ALTER TABLE "catalogue"."upkeep_run" DROP COLUMN "restoring"`);
  }
}
