/** Limits of queries for tests. */
export const LIMITS = {
  TAP_MAX_ROWS: 100_000,
  TAP_SYNC_SECONDS: 60,
  TAP_QUERIES: 2,
  TAP_QUEUED: 2,
  TAP_WORK_MEMORY_MB: 4,
  TAP_TEMPORARY_MB: 100,
  TAP_UPLOAD_MB: 1,
  TAP_UPLOAD_HOSTS: [],
};
