import { metricsRegistry } from '@almagest/platform';
import { Counter } from 'prom-client';

export const stagedBytes = new Counter({
  name: 'almagest_raw_staged_bytes_total',
  help: 'Bytes of raw ASDMs that were staged',
  registers: [metricsRegistry],
});

export const failedStagings = new Counter({
  name: 'almagest_raw_failed_stagings_total',
  help: 'Runs that failed to stage an ASDM, by error code',
  labelNames: ['code'],
  registers: [metricsRegistry],
});
