import { metricsRegistry } from '@almagest/platform';
import { Counter } from 'prom-client';

/** Bytes of parts that chunks were made of: `sent` to the store, or `kept`, because they were there from before. */
export const chunkBytes = new Counter({
  name: 'almagest_ingest_chunk_bytes_total',
  help: 'Bytes of parts, sent to the store or found there from an earlier run',
  labelNames: ['outcome'] as const,
  registers: [metricsRegistry],
});

/** Runs of the job that failed; `fault` says who must act. */
export const failedRuns = new Counter({
  name: 'almagest_ingest_failed_runs_total',
  help: 'Runs that failed, through the source (which is borne for a while) or through the archive (until it is well)',
  labelNames: ['fault', 'code'] as const,
  registers: [metricsRegistry],
});

/** Unfinished uploads that nobody waited for. */
export const sweptUploads = new Counter({
  name: 'almagest_ingest_swept_uploads_total',
  help: 'Abandoned unfinished uploads that were removed from the store',
  registers: [metricsRegistry],
});
