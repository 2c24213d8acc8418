import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobRunner } from '@almagest/jobs';
import { DirectoryObjectStore } from '@almagest/object-store';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { JobChanges } from '../../../apps/search/jobs/job-changes';
import { JobExecution } from '../../../apps/search/jobs/job-execution';
import type { JobRow } from '../../../apps/search/jobs/job.entity';
import { JobObjects } from '../../../apps/search/jobs/job-objects';
import { JobSweep } from '../../../apps/search/jobs/job-sweep';
import { JobsRepository } from '../../../apps/search/jobs/jobs.repository';
import { type JobCaller, JobsService } from '../../../apps/search/jobs/jobs.service';
import { QueriesService } from '../../../apps/search/queries/queries.service';
import { QueryRunner } from '../../../apps/search/queries/query-runner';
import { TapSchemaRepository } from '../../../apps/search/schema/tap-schema.repository';
import { SearchConfig, searchVariables } from '../../../apps/search/search.config';
import { DaliParameters } from '../../../apps/search/tap/dali-parameters';
import { quiet, TestDatabase } from '../../harness/test-database';
import { waitFor } from '../../harness/wait-for';

export const ANONYMOUS: JobCaller = { owner: null, id: 'address:192.0.2.1' };
export const OWNER: JobCaller = { owner: 'person:hleavitt', id: 'person:hleavitt' };

/** Asynchronous queries on a database and an object store of their own. */
export class JobsFixture {
  private constructor(
    readonly directory: string,
    readonly db: TestDatabase,
    readonly source: DataSource,
    readonly store: DirectoryObjectStore,
    readonly repository: JobsRepository,
    readonly execution: JobExecution,
    readonly jobs: JobsService,
    readonly sweep: JobSweep,
    private readonly ends: readonly (() => Promise<void>)[],
    private readonly runner: JobRunner,
  ) {}

  static async create(): Promise<JobsFixture> {
    const directory = await mkdtemp(join(tmpdir(), 'almagest-jobs-'));
    const db = await TestDatabase.create();
    const source = await db.open('search');
    await new TapSchemaRepository(source).onModuleInit();
    const limits = {
      ...z.object(searchVariables).parse({}),
      TAP_JOBS_PER_CALLER: 5,
      TAP_RESULT_MB: 1,
      TAP_UPLOAD_MB: 1,
    };
    const config = new SearchConfig(limits, 'http://archive.example');
    const queries = new QueryRunner(db.url, config, source, quiet);
    const store = new DirectoryObjectStore({ root: directory, minFreeBytes: 0 });
    await store.verify();
    const changes = new JobChanges(db.url, quiet);
    changes.onModuleInit();
    const runner = new JobRunner({ databaseUrl: db.url, pool: db.pool, logger: quiet, maximumRetryInterval: 50 });
    const repository = new JobsRepository(source);
    const objects = new JobObjects(store);
    const service = new QueriesService(queries, config, quiet);
    const execution = new JobExecution(repository, objects, changes, service, runner, config, quiet);
    const jobs = new JobsService(source, repository, execution, objects, changes, config, quiet);
    const sweep = new JobSweep(repository, objects, store, quiet);
    const ends = [
      () => runner.beforeApplicationShutdown(),
      () => changes.beforeApplicationShutdown(),
      () => queries.onApplicationShutdown(),
      () => store.close(),
      () => db.drop(),
      () => rm(directory, { recursive: true, force: true }),
    ];
    return new JobsFixture(directory, db, source, store, repository, execution, jobs, sweep, ends, runner);
  }

  /** From now on, queued queries run. */
  async run(): Promise<void> {
    this.execution.onModuleInit();
    await this.runner.onApplicationBootstrap();
  }

  async close(): Promise<void> {
    for (const end of this.ends) await end();
  }

  create(parameters: Record<string, string>, caller = ANONYMOUS): Promise<string> {
    return this.jobs.create(DaliParameters.from(Object.entries(parameters)), caller);
  }

  async ended(id: string, caller = ANONYMOUS): Promise<JobRow> {
    return waitFor('the job to end', async () => {
      const job = await this.jobs.find(id, caller);
      return ['COMPLETED', 'ERROR', 'ABORTED'].includes(job.phase) && job;
    });
  }

  /** The keys of all objects and unfinished uploads. */
  async keys(prefix = ''): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.store.list(prefix)) keys.push(key);
    for await (const { key } of this.store.listUploads(prefix)) keys.push(`${key} (unfinished)`);
    return keys;
  }
}
