import { listVariable, numberVariable } from '@almagest/platform';
import type { z } from 'zod';

/** What one query, one caller and all queries may take. `/tap/capabilities` states the limits of a query. */
export const searchVariables = {
  TAP_MAX_ROWS: numberVariable(10_000_000, 1).meta({
    description: 'Rows of a result at most, and when a query does not say MAXREC',
  }),
  TAP_SYNC_SECONDS: numberVariable(60, 1).meta({
    description: 'Seconds until the first row of a synchronous query, and between later ones',
  }),
  TAP_QUERIES: numberVariable(8, 1).meta({
    description: 'Queries that run at the same time; others wait, with a fair share for each caller',
  }),
  TAP_QUEUED: numberVariable(200, 0).meta({
    description: 'Queries that wait at most; others are answered with 503',
  }),
  TAP_ASYNC_SECONDS: numberVariable(3600, 1).meta({
    description: 'Seconds that an asynchronous query may run, at most and by default',
  }),
  TAP_ASYNC_QUERIES: numberVariable(4, 1).meta({
    description: 'Asynchronous queries that run at the same time in one process; they count for TAP_QUERIES too',
  }),
  TAP_JOBS_PER_CALLER: numberVariable(100, 1).meta({
    description: 'Asynchronous queries, with their results, that one token or one address without a token may have',
  }),
  TAP_JOB_DAYS: numberVariable(7, 1).meta({
    description: 'Days after which the result of an asynchronous query is deleted, at most and by default',
  }),
  TAP_RESULT_MB: numberVariable(2048, 1).meta({
    description: 'Megabytes of the result of an asynchronous query at most',
  }),
  TAP_WORK_MEMORY_MB: numberVariable(32, 1).meta({
    description: 'Megabytes that PostgreSQL may use for each sort and hash of a query',
  }),
  TAP_TEMPORARY_MB: numberVariable(2048, 1).meta({
    description: 'Megabytes that a query may write to temporary files, if the database user may set the limit',
  }),
  TAP_UPLOAD_MB: numberVariable(100, 1).meta({ description: 'Megabytes of the tables that one query brings, at most' }),
  TAP_UPLOAD_HOSTS: listVariable.meta({
    description: 'Servers of https:// URLs that a query may upload tables from, `host` or `host:port`',
  }),
};

/** How many clients may wait for a change (`GET /changes`). */
export const changesVariables = {
  CHANGES_WAITING: numberVariable(500, 0).meta({
    description: 'Clients that wait for a change at most; others are answered with 503',
  }),
};

/** The configuration of queries. */
export class SearchConfig {
  constructor(
    readonly limits: Readonly<z.infer<z.ZodObject<typeof searchVariables>>>,
    /** Where users reach the archive, without a slash at the end. */
    readonly publicUrl: string,
  ) {}

  /** Bytes of the tables that one query brings, at most. */
  get uploadBytes(): number {
    return this.limits.TAP_UPLOAD_MB * 1024 ** 2;
  }
}
