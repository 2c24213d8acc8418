import { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1795413552390 implements MigrationInterface {
  name = 'Initial1795413552390';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "notifier"."inbox" ("id" text NOT NULL, "handled_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_ab7abc299fab4bb4f965549c819" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "notifier"."outbox" ("id" uuid NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "aggregatetype" text NOT NULL, "aggregateid" text NOT NULL, "type" text NOT NULL, "payload" jsonb NOT NULL, CONSTRAINT "PK_340ab539f309f03bdaa14aa7649" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_eaeb48f0dd30890d452d108804" ON "notifier"."outbox"  ("position") `);
    await queryRunner.query(
      `CREATE TABLE "notifier"."notice" ("delivery_id" uuid NOT NULL, "recipients" jsonb, "catalogued" jsonb, CONSTRAINT "PK_7227ab83f7eec872841a969a238" PRIMARY KEY ("delivery_id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "notifier"."mail" ("id" uuid NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "delivery_id" uuid NOT NULL, "ous" text NOT NULL, "revision" integer NOT NULL, "template" text NOT NULL, "role" text NOT NULL, "name" text NOT NULL, "email" text NOT NULL, "subject" text NOT NULL, "text" text NOT NULL, "html" text NOT NULL, "state" text NOT NULL, "failures" integer NOT NULL DEFAULT '0', "error" text, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "settled_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "mail_once" UNIQUE ("delivery_id", "template", "email"), CONSTRAINT "PK_5407da42b983ba54c6c62d462d3" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_572fe721e3e0ed6e8fd48aeb95" ON "notifier"."mail"  ("position") `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "notifier"."IDX_572fe721e3e0ed6e8fd48aeb95"`);
    await queryRunner.query(`DROP TABLE "notifier"."mail"`);
    await queryRunner.query(`DROP TABLE "notifier"."notice"`);
    await queryRunner.query(`DROP INDEX "notifier"."IDX_eaeb48f0dd30890d452d108804"`);
    await queryRunner.query(`DROP TABLE "notifier"."outbox"`);
    await queryRunner.query(`DROP TABLE "notifier"."inbox"`);
  }
}
