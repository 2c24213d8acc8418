/** Leased, resumable long work on PostgreSQL. */
export * from './job-runner';
export * from './jobs.error';
export * from './leased-worker';
export * from './queue';
