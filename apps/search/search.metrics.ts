import { metricsRegistry } from '@almagest/platform';
import { Counter, Gauge, Histogram } from 'prom-client';

const registers = [metricsRegistry];

export const searchRows = new Gauge({
  name: 'almagest_search_rows',
  help: 'Rows of the tables that queries read, as PostgreSQL estimates them',
  labelNames: ['table'],
  registers,
});
export const searchLag = new Histogram({
  name: 'almagest_search_lag_seconds',
  help: 'Time from when a delivery is catalogued until queries find it',
  buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600],
  registers,
});
export const querySeconds = new Histogram({
  name: 'almagest_search_query_seconds',
  help: 'Time from the start of a query to its end, without the time that it waited',
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600, 3600],
  registers,
});
export const queries = new Gauge({
  name: 'almagest_search_queries',
  help: 'Queries that run, and that wait',
  labelNames: ['state'],
  registers,
});
export const refusedQueries = new Counter({
  name: 'almagest_search_queries_refused_total',
  help: 'Queries that were answered with 503 because too many waited',
  registers,
});
export const changesWaiting = new Gauge({
  name: 'almagest_search_changes_waiting',
  help: 'Clients that wait for a change',
  registers,
});
