import type { Rebuild, Reconciliation, Scrub, UpkeepFinding } from '@almagest/contracts';
import type { ProgressOf, RunKind, UpkeepFindingRow, UpkeepRunRow } from './runs/upkeep-run.entity';

export function scrubResource(row: UpkeepRunRow): Scrub {
  return { ...common(row), ...progressOf(row, 'scrub') };
}

export function reconciliationResource(row: UpkeepRunRow): Reconciliation {
  const { repair, restoring, restored } = row;
  const progress = progressOf(row, 'reconciliation');
  return { ...common(row), repair, ...progress, repaired: progress.repaired + restored, restoring };
}

export function rebuildResource(row: UpkeepRunRow): Rebuild {
  return { ...common(row), ...progressOf(row, 'rebuild') };
}

export function findingResource(row: UpkeepFindingRow): UpkeepFinding {
  const { kind, object_key: key, upload_id: upload, expected, found, remark, repair } = row;
  return {
    ...{ kind, key, upload, expected, found, remark, repair },
    lastGoodAt: row.last_good_at?.toISOString() ?? null,
    foundAt: row.found_at.toISOString(),
  };
}

function common(row: UpkeepRunRow): Omit<Scrub, keyof ProgressOf['scrub']> {
  return {
    id: row.id,
    state: row.state,
    scheduled: row.scheduled,
    requestedAt: row.requested_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    lastFailure: row.last_failure,
  };
}

/** The progress is that of the row's kind: rows are found by their kind. */
function progressOf<Kind extends RunKind>({ progress }: UpkeepRunRow, _kind: Kind): ProgressOf[Kind] {
  return progress as ProgressOf[Kind];
}
