import { metricsRegistry } from '@almagest/platform';
import { Counter } from 'prom-client';

/** Bytes of the chunks of parts: `sent` to the store, or `kept` from an earlier run. */
export const chunkBytes = new Counter({
  name: 'almagest_ingest_chunk_bytes_total',
  help: 'Bytes of parts that were sent to the store, or kept there from an earlier run',
  labelNames: ['outcome'] as const,
  registers: [metricsRegistry],
});

/** Runs of a job that failed; `fault` says who must act. */
export const failedRuns = new Counter({
  name: 'almagest_ingest_failed_runs_total',
  help: 'Runs of a job that failed, by fault (source: retries are limited; archive: they are not) and error code',
  labelNames: ['fault', 'code'] as const,
  registers: [metricsRegistry],
});

/** Abandoned uploads. */
export const sweptUploads = new Counter({
  name: 'almagest_ingest_swept_uploads_total',
  help: 'Abandoned uploads that were removed from the store',
  registers: [metricsRegistry],
});
