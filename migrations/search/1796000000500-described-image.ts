import { MigrationInterface, QueryRunner } from 'typeorm';

/** The image that a row describes. Rows that exist get it when the search is rebuilt. */
export class DescribedImage1796000000500 implements MigrationInterface {
  name = 'DescribedImage1796000000500';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE search.observation ADD COLUMN image_path text, ADD COLUMN image_sha256 text`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE search.observation DROP COLUMN image_path, DROP COLUMN image_sha256`);
  }
}
