import { z } from 'zod';
import { searchVariables } from '../../../apps/search/search.config';

/** Limits of queries for tests: the defaults, and smaller ones. */
export const LIMITS = {
  ...z.object(searchVariables).parse({}),
  TAP_MAX_ROWS: 100_000,
  TAP_QUERIES: 2,
  TAP_QUEUED: 2,
  TAP_WORK_MEMORY_MB: 4,
  TAP_TEMPORARY_MB: 100,
  TAP_UPLOAD_MB: 1,
};
