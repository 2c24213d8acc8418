import { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes by which a part, a file inside one, and an execution block are found by name. */
export class FileNames1796050000000 implements MigrationInterface {
  name = 'FileNames1796050000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX "part_name" ON "catalogue"."part"  ("name") `);
    await queryRunner.query(`CREATE INDEX "execution_block_uid" ON "catalogue"."execution_block"  ("uid") `);
    // An entity cannot state an index on an expression.
    await queryRunner.query(
      `CREATE INDEX "member_file_name" ON "catalogue"."member_file" (split_part("path", '/', -1))`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "catalogue"."member_file_name"`);
    await queryRunner.query(`DROP INDEX "catalogue"."execution_block_uid"`);
    await queryRunner.query(`DROP INDEX "catalogue"."part_name"`);
  }
}
