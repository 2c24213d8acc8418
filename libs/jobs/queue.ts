import { runMigrations } from 'graphile-worker';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';

/** graphile-worker's limit; how often a task may fail is the task's own decision, never the queue's. */
const NEVER_GIVE_UP = 32_767;

/**
 * A piece of long work to be done once. (Not in one of graphile-worker's named queues: to take a job it locks every row
 * of every queue there has ever been, and hides the jobs of all queues from all other workers meanwhile.)
 */
export interface NewJob {
  task: string;
  payload: Record<string, unknown>;
  /** Names the piece of work: adding it again changes nothing while it is queued or running. */
  key: string;
}

/** Queues a job in the transaction of `manager`: it exists if and only if the transaction commits. */
export async function addJob(manager: EntityManager, job: NewJob): Promise<void> {
  await manager.query(
    `SELECT graphile_worker.add_job($1, payload := $2::json, max_attempts := $3, job_key := $4,
       job_key_mode := 'unsafe_dedupe')`,
    [job.task, JSON.stringify(job.payload), NEVER_GIVE_UP, job.key],
  );
}

/** Creates or updates the queue's own tables; instances that start together wait for each other. */
export async function prepareJobs(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(hashtextextended('almagest.migrate.graphile_worker', 0))`);
    await runMigrations({ pgPool: pool });
  } finally {
    await client.query(`SELECT pg_advisory_unlock(hashtextextended('almagest.migrate.graphile_worker', 0))`);
    client.release();
  }
}
