import type { UpkeepFinding } from '@almagest/contracts';
import { decodeCursor, DomainError, pageOfRows, type PageQuery } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { RunKind, UpkeepRunRow } from './runs/upkeep-run.entity';
import { UpkeepRuns } from './runs/upkeep-runs';
import { findingResource } from './upkeep.resources';

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

const cursorSchema = z.tuple([z.string().regex(/^\d{1,18}$/)]);

/** Runs and their findings, as the routes of every kind give them. */
@Injectable()
export class UpkeepPages {
  constructor(private readonly runs: UpkeepRuns) {}

  /** The last asked for first. */
  async list<Item>(
    kind: RunKind,
    { cursor, limit }: PageQuery,
    item: (row: UpkeepRunRow) => Item,
  ): Promise<Page<Item>> {
    const before = decodeCursor(cursor, cursorSchema)?.[0] ?? null;
    const rows = await this.runs.list(kind, before, limit + 1);
    return pageOfRows(rows, limit, item, (row) => [row.position]);
  }

  /**
   * A run with a page of what it found.
   * @throws DomainError `catalogue.upkeep-unknown`
   */
  async withFindings<Item extends object>(
    kind: RunKind,
    id: string,
    { cursor, limit }: PageQuery,
    item: (row: UpkeepRunRow) => Item,
  ): Promise<Item & { findings: Page<UpkeepFinding> }> {
    const after = decodeCursor(cursor, cursorSchema)?.[0] ?? null;
    const row = await this.runs.find(kind, id);
    if (row === null) throw new DomainError('not-found', 'catalogue.upkeep-unknown', `There is no ${kind} ${id}`);
    const rows = await this.runs.findings(id, after, limit + 1);
    return { ...item(row), findings: pageOfRows(rows, limit, findingResource, (finding) => [finding.id]) };
  }
}
