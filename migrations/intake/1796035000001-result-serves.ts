import { MigrationInterface, QueryRunner } from 'typeorm';

export class ResultServes1796035000001 implements MigrationInterface {
  name = 'ResultServes1796035000001';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "intake"."qa2_result_serves" ("result_id" uuid NOT NULL, "ous" text NOT NULL, "revision" integer NOT NULL, "group_uid" text NOT NULL, "science_goal" text NOT NULL, CONSTRAINT "qa2_result_serves_ous_revision" UNIQUE ("ous", "revision"), CONSTRAINT "PK_650e65ce913e2b0163c659f67ed" PRIMARY KEY ("result_id", "ous"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_50e1ada0f4616bb168e2128c34" ON "intake"."qa2_result_serves"  ("group_uid") `,
    );
    // Every result from before is about one ObsUnitSet.
    await queryRunner.query(
      `INSERT INTO "intake"."qa2_result_serves" ("result_id", "ous", "revision", "group_uid", "science_goal") SELECT "id", "ous", "revision", "group_uid", "content" ->> 'scienceGoal' FROM "intake"."qa2_result"`,
    );
    await queryRunner.query(`ALTER TABLE "intake"."qa2_result" DROP CONSTRAINT "qa2_result_ous_revision"`);
    await queryRunner.query(`DROP INDEX "intake"."IDX_faf0170657f6e0387dd366535a"`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX "IDX_faf0170657f6e0387dd366535a" ON "intake"."qa2_result"  ("group_uid") `);
    await queryRunner.query(
      `ALTER TABLE "intake"."qa2_result" ADD CONSTRAINT "qa2_result_ous_revision" UNIQUE ("ous", "revision")`,
    );
    await queryRunner.query(`DROP INDEX "intake"."IDX_50e1ada0f4616bb168e2128c34"`);
    await queryRunner.query(`DROP TABLE "intake"."qa2_result_serves"`);
  }
}
