import { MigrationInterface, QueryRunner } from 'typeorm';

export class DeliveryServes1796035000000 implements MigrationInterface {
  name = 'DeliveryServes1796035000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "catalogue"."delivery_serves" ("delivery_id" uuid NOT NULL, "ous" text NOT NULL, "revision" integer NOT NULL, "replaced_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "delivery_serves_ous_revision" UNIQUE ("ous", "revision"), CONSTRAINT "PK_385899a50d1b7a47e67b3fcefea" PRIMARY KEY ("delivery_id", "ous"))`,
    );
    // Every delivery from before serves the one ObsUnitSet that it is named after.
    await queryRunner.query(
      `INSERT INTO "catalogue"."delivery_serves" ("delivery_id", "ous", "revision", "replaced_at") SELECT "id", "ous", "revision", "replaced_at" FROM "catalogue"."delivery"`,
    );
    await queryRunner.query(`ALTER TABLE "catalogue"."delivery" DROP CONSTRAINT "delivery_ous_revision"`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "catalogue"."delivery" ADD CONSTRAINT "delivery_ous_revision" UNIQUE ("ous", "revision")`,
    );
    await queryRunner.query(`DROP TABLE "catalogue"."delivery_serves"`);
  }
}
