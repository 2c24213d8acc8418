import { MigrationInterface, QueryRunner } from 'typeorm';

/** Asynchronous queries. A change of a job's phase or run is announced, so that nobody has to poll for it. */
export class Jobs1796000000100 implements MigrationInterface {
  name = 'Jobs1796000000100';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "search"."job" ("id" uuid NOT NULL, "owner" text, "caller" text NOT NULL, "run_id" text, "phase" text NOT NULL, "parameters" jsonb NOT NULL, "uploads" jsonb NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "queued_at" TIMESTAMP WITH TIME ZONE, "started_at" TIMESTAMP WITH TIME ZONE, "ended_at" TIMESTAMP WITH TIME ZONE, "destruction" TIMESTAMP WITH TIME ZONE NOT NULL, "execution_duration" integer NOT NULL, "ticket" uuid, "run" uuid, "crashes" integer NOT NULL DEFAULT '0', "result" jsonb, "error" jsonb, "has_objects" boolean NOT NULL DEFAULT false, "is_removed" boolean NOT NULL DEFAULT false, CONSTRAINT "PK_search_job" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_search_job_caller" ON "search"."job"  ("caller") `);
    await queryRunner.query(`CREATE INDEX "IDX_search_job_phase" ON "search"."job"  ("phase") `);
    await queryRunner.query(`CREATE INDEX "IDX_search_job_destruction" ON "search"."job"  ("destruction") `);
    await queryRunner.query(
      `CREATE FUNCTION search.announce_job() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN PERFORM pg_notify('search_job', NEW.id::text); RETURN NULL; END $$`,
    );
    await queryRunner.query(
      `CREATE TRIGGER announce AFTER UPDATE ON search.job FOR EACH ROW
         WHEN (OLD.phase <> NEW.phase OR OLD.is_removed <> NEW.is_removed OR OLD.run IS DISTINCT FROM NEW.run)
         EXECUTE FUNCTION search.announce_job()`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "search"."job"`);
    await queryRunner.query(`DROP FUNCTION search.announce_job()`);
  }
}
