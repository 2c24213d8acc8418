/** Long jobs on PostgreSQL, resumable and under a lease. */
export * from './job-runner';
export * from './jobs.error';
export * from './leased-worker';
export * from './queue';
