import { MigrationInterface, QueryRunner } from 'typeorm';

export class DeadLetterSettling1795535002964 implements MigrationInterface {
  name = 'DeadLetterSettling1795535002964';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "bus"."dead_letter" ADD "place" jsonb`);
    await queryRunner.query(`ALTER TABLE "bus"."dead_letter" ADD "state" text NOT NULL DEFAULT 'waiting'`);
    await queryRunner.query(`ALTER TABLE "bus"."dead_letter" ADD "settled_at" TIMESTAMP WITH TIME ZONE`);
    await queryRunner.query(`ALTER TABLE "bus"."queued_message" ADD "place" jsonb`);
    await queryRunner.query(`CREATE INDEX "dead_letter_listing" ON "bus"."dead_letter"  ("state", "id") `);
    await queryRunner.query(
      `ALTER TABLE "bus"."dead_letter" ADD CONSTRAINT "dead_letter_once" UNIQUE ("service", "place")`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "bus"."dead_letter" DROP CONSTRAINT "dead_letter_once"`);
    await queryRunner.query(`DROP INDEX "bus"."dead_letter_listing"`);
    await queryRunner.query(`ALTER TABLE "bus"."queued_message" DROP COLUMN "place"`);
    await queryRunner.query(`ALTER TABLE "bus"."dead_letter" DROP COLUMN "settled_at"`);
    await queryRunner.query(`ALTER TABLE "bus"."dead_letter" DROP COLUMN "state"`);
    await queryRunner.query(`ALTER TABLE "bus"."dead_letter" DROP COLUMN "place"`);
  }
}
