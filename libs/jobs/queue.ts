import type { Logger } from '@almagest/platform';
import { Logger as GraphileLogger, runMigrations } from 'graphile-worker';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';

/** graphile-worker's maximum; each task decides itself how often it may fail, never the queue. */
const NEVER_GIVE_UP = 32_767;

/**
 * A piece of long work to be done once. It is in none of graphile-worker's named queues: to take a job from one, it locks
 * the rows of all queues that ever existed, and hides the jobs of all queues from other workers meanwhile.
 */
export interface NewJob {
  task: string;
  payload: Record<string, unknown>;
  /** Identifies the work: adding it again changes nothing while it is queued or running. */
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

/** Creates or updates the tables of the queue. Instances that start at the same time wait for each other. */
export async function prepareJobs(pool: Pool, logger: Logger): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(hashtextextended('almagest.migrate.graphile_worker', 0))`);
    await runMigrations({ pgPool: pool, logger: graphileLogger(logger) });
  } finally {
    await client.query(`SELECT pg_advisory_unlock(hashtextextended('almagest.migrate.graphile_worker', 0))`);
    client.release();
  }
}

/** Sends graphile-worker's messages to the log of the service; without it they go to the console. */
export function graphileLogger(logger: Logger): GraphileLogger {
  return new GraphileLogger(() => (level, message) => {
    if (String(level) === 'error') logger.warn({ source: 'graphile-worker' }, message);
    else logger.debug({ source: 'graphile-worker' }, message);
  });
}
