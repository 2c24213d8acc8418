import { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns that queries often compare, sort or group by; a count of all rows reads the smallest index. */
const COLUMNS = ['t_max', 't_exptime', 'frequency', 's_resolution', 'release_date', 'band_list'];

/** The texts of projects that queries look for words in. */
const TEXTS = ['title', 'abstract', 'pi_name', 'publication_abstracts'];

/**
 * Indexes for the queries that read every row without them. Words in texts need the extension `pg_trgm`, which every
 * PostgreSQL brings with it. A server without it, or whose database this user may not extend, reads all texts instead.
 */
export class SearchIndexes1796000000300 implements MigrationInterface {
  name = 'SearchIndexes1796000000300';

  public async up(queryRunner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) {
      await queryRunner.query(`CREATE INDEX observation_${column} ON search.observation (${column})`);
    }
    const texts = TEXTS.map((column) => `'${column}'`).join(', ');
    await queryRunner.query(`
      DO $$ DECLARE place text; text_column text; BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA search;
        SELECT extnamespace::regnamespace INTO place FROM pg_extension WHERE extname = 'pg_trgm';
        FOREACH text_column IN ARRAY ARRAY[${texts}] LOOP
          EXECUTE format('CREATE INDEX %I ON search.project USING gin (%I %s.gin_trgm_ops)',
            'project_' || text_column || '_words', text_column, place);
        END LOOP;
      EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
        RAISE NOTICE 'no index of words: %', SQLERRM;
      END $$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const column of TEXTS) await queryRunner.query(`DROP INDEX IF EXISTS search.project_${column}_words`);
    for (const column of COLUMNS) await queryRunner.query(`DROP INDEX search.observation_${column}`);
    // Other tables of the database may use the extension.
  }
}
