import type { Rebuild, Reconciliation, Scrub, UpkeepFinding } from '@almagest/contracts';
import { bigintKeySchema, decodeCursor, DomainError, pageOfRows, type PageQuery } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import type { ProgressOf, RunKind, UpkeepFindingRow, UpkeepRunRow } from './runs/upkeep-run.entity';
import { UpkeepRuns } from './runs/upkeep-runs';

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** Returns runs and their findings as the API resources of every kind of run. */
@Injectable()
export class UpkeepPages {
  constructor(private readonly runs: UpkeepRuns) {}

  /** Returns a page of runs, newest first. */
  async list<Item>(
    kind: RunKind,
    { cursor, limit }: PageQuery,
    item: (row: UpkeepRunRow) => Item,
  ): Promise<Page<Item>> {
    const before = decodeCursor(cursor, bigintKeySchema)?.[0] ?? null;
    const rows = await this.runs.list(kind, before, limit + 1);
    return pageOfRows(rows, limit, item, (row) => [row.position]);
  }

  /**
   * Returns a run with a page of its findings.
   * @throws DomainError `catalogue.upkeep-unknown`
   */
  async withFindings<Item extends object>(
    kind: RunKind,
    id: string,
    { cursor, limit }: PageQuery,
    item: (row: UpkeepRunRow) => Item,
  ): Promise<Item & { findings: Page<UpkeepFinding> }> {
    const after = decodeCursor(cursor, bigintKeySchema)?.[0] ?? null;
    const row = await this.runs.find(kind, id);
    if (row === null) throw new DomainError('not-found', 'catalogue.upkeep-unknown', `There is no ${kind} ${id}`);
    const rows = await this.runs.findings(id, after, limit + 1);
    return { ...item(row), findings: pageOfRows(rows, limit, findingResource, (finding) => [finding.id]) };
  }
}

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

function findingResource(row: UpkeepFindingRow): UpkeepFinding {
  const { kind, object_key: key, upload_id: upload, expected, found, remark, repair } = row;
  return {
    kind,
    key,
    upload,
    expected,
    found,
    remark,
    repair,
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

/** Casts the progress to that of the row's kind; rows are queried by kind. */
function progressOf<Kind extends RunKind>({ progress }: UpkeepRunRow, _kind: Kind): ProgressOf[Kind] {
  return progress as ProgressOf[Kind];
}
