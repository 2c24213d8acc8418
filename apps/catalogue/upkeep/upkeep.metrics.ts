import { metricsRegistry } from '@almagest/platform';
import { Counter, Gauge } from 'prom-client';

const registers = [metricsRegistry];

export const scrubbedObjects = new Counter({
  name: 'almagest_scrub_objects_total',
  help: 'Stored objects that scrubs have read and compared with their SHA-256',
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
  help: 'Stored objects that were damaged or lost when a scrub last read them',
  registers,
});
export const lastScrub = new Gauge({
  name: 'almagest_scrub_ended_timestamp_seconds',
  help: 'When the last complete scrub ended',
  registers,
});
export const reconciliationFindings = new Gauge({
  name: 'almagest_reconciliation_findings',
  help: 'Findings of the last reconciliation that are not repaired',
  labelNames: ['kind'],
  registers,
});
export const repairedObjects = new Counter({
  name: 'almagest_reconciliation_repaired_total',
  help: 'Orphans and unfinished uploads that reconciliations have deleted, and lost parts that were recovered',
  labelNames: ['kind'],
  registers,
});
