import { MigrationInterface, QueryRunner } from 'typeorm';

export class Recipients1795545000000 implements MigrationInterface {
  name = 'Recipients1795545000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "request_handler"."delivery_recipients" ("delivery_id" uuid NOT NULL, "addresses" text array NOT NULL, CONSTRAINT "PK_delivery_recipients" PRIMARY KEY ("delivery_id"))`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "request_handler"."delivery_recipients"`);
  }
}
