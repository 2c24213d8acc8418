import { metricsRegistry } from '@almagest/platform';
import { Counter, Gauge } from 'prom-client';

const registers = [metricsRegistry];

export const scrubbedObjects = new Counter({
  name: 'almagest_scrub_objects_total',
  help: 'Stored objects that were read whole and held against their SHA-256',
  labelNames: ['outcome'],
  registers,
});
export const scrubbedBytes = new Counter({
  name: 'almagest_scrub_bytes_total',
  help: 'Bytes that scrubs have read',
  registers,
});
export const damagedObjects = new Gauge({
  name: 'almagest_damaged_objects',
  help: 'Stored objects that were not as catalogued when they were last read',
  registers,
});
export const lastScrub = new Gauge({
  name: 'almagest_scrub_ended_timestamp_seconds',
  help: 'When the last scrub had read everything',
  registers,
});
export const reconciliationFindings = new Gauge({
  name: 'almagest_reconciliation_findings',
  help: 'What the last reconciliation found and did not repair',
  labelNames: ['kind'],
  registers,
});
export const repairedObjects = new Counter({
  name: 'almagest_reconciliation_repaired_total',
  help: 'Objects and unfinished uploads that reconciliations have removed, and lost parts they had restored',
  labelNames: ['kind'],
  registers,
});
