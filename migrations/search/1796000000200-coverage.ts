import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What every ObsUnitSet covers, by band, as cells of HEALPix order 10 in the nested numbering. `loaded` tells rows apart
 * that replace each other.
 */
export class Coverage1796000000200 implements MigrationInterface {
  name = 'Coverage1796000000200';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE search.coverage (
         ous text NOT NULL, proposal_id text NOT NULL, band text, cells int8multirange NOT NULL,
         loaded bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)`,
    );
    await queryRunner.query(`CREATE INDEX coverage_ous ON search.coverage (ous)`);
    await queryRunner.query(`CREATE INDEX coverage_proposal_id ON search.coverage (proposal_id)`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE search.coverage`);
  }
}
