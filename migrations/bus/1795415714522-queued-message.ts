import { MigrationInterface, QueryRunner } from 'typeorm';

export class QueuedMessage1795415714522 implements MigrationInterface {
  name = 'QueuedMessage1795415714522';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "bus"."queued_message" ("position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "service" text NOT NULL, "partition" smallint NOT NULL, "id" text NOT NULL, "message" jsonb NOT NULL, "attempts" integer NOT NULL DEFAULT '0', "run_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "queued_message_once" UNIQUE ("service", "id"), CONSTRAINT "PK_8988b7e54de58a0bb020a655bf4" PRIMARY KEY ("position"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "queued_message_order" ON "bus"."queued_message"  ("service", "partition", "position") `,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "bus"."queued_message_order"`);
    await queryRunner.query(`DROP TABLE "bus"."queued_message"`);
  }
}
