import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Changes say whether the data are public, and of which delivery. The tables are filled from the catalogue, which has what
 * the QA2 results and the metadata state.
 */
export class Changes1796000000400 implements MigrationInterface {
  name = 'Changes1796000000400';

  public async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  // `is_public`: it is recorded as a change that the data are public, so that it is never recorded again.
  `ALTER TABLE search.ous ADD COLUMN release_date date, ADD COLUMN is_public boolean NOT NULL DEFAULT false`,
  `CREATE INDEX ous_release_date ON search.ous (release_date) WHERE NOT is_public`,
  `ALTER TABLE search.change ADD COLUMN delivery_id text, ADD COLUMN data_rights text`,
  `ALTER TABLE search.execution_block DROP COLUMN stated`,
  `ALTER TABLE search.project DROP COLUMN metadata`,
  `ALTER TABLE search.rebuild DROP COLUMN failures`,
];

const DOWN = [
  `ALTER TABLE search.rebuild ADD COLUMN failures integer NOT NULL DEFAULT 0`,
  `ALTER TABLE search.project ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}'`,
  `ALTER TABLE search.execution_block ADD COLUMN stated jsonb NOT NULL DEFAULT '{}'`,
  `ALTER TABLE search.change DROP COLUMN delivery_id, DROP COLUMN data_rights`,
  `ALTER TABLE search.ous DROP COLUMN release_date, DROP COLUMN is_public`,
];
