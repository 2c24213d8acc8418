import { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1795413541699 implements MigrationInterface {
  name = 'Initial1795413541699';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "bus"."dead_letter" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "message" jsonb NOT NULL, "service" text NOT NULL, "reason" text NOT NULL, "attempts" integer NOT NULL, "dead_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_e51e9e534cd18984b2aad76403c" PRIMARY KEY ("id"))`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "bus"."dead_letter"`);
  }
}
