import type { Qa2State, Qa2Status } from '@almagest/contracts';
import type { Qa2ResultHistoryRow, Qa2ResultRow } from './qa2-result.entity';

const SETTLED: ReadonlySet<Qa2State> = new Set<Qa2State>([
  'recorded',
  'rejected',
  'superseded',
  'notified',
  'mail-failed',
  'withdrawn',
]);
const CATALOGUED: ReadonlySet<Qa2State> = new Set<Qa2State>([
  'catalogued',
  'superseded',
  'notified',
  'mail-failed',
  'withdrawn',
]);

/** A recorded result as `GET /qa2-results/{id}` shows it. */
export function statusOf(row: Qa2ResultRow, history: readonly Qa2ResultHistoryRow[]): Qa2Status {
  return {
    id: row.id,
    project: row.project,
    group: row.group_uid,
    ous: row.ous,
    alsoServes: (row.content.alsoServes ?? []).map(({ member }) => member),
    level: row.level,
    revision: row.revision,
    outcome: row.outcome,
    state: row.state,
    settled: SETTLED.has(row.state),
    history: history.map(({ state, at, detail }) => ({ state, at: at.toISOString(), detail })),
    report: row.report,
    delivery: CATALOGUED.has(row.state) ? `/deliveries/${row.id}` : null,
  };
}
