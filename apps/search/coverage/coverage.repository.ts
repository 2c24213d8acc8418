import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { MOC_ORDER } from './cells';
import type { CoverageRow } from './coverage-rows';
import type { OrderCells } from './moc-file';

/** What a coverage map is of: everything, or what a project or a band has, or a project in a band. */
export interface Scope {
  readonly project?: string | undefined;
  readonly band?: number | undefined;
}

/**
 * The cells of a scope: every range is cut into the largest cells that are within it. Of the cells of an order, those
 * inside of a larger cell that fits too are left out: the larger ones of a range are between its ends.
 */
const CELLS = `
  WITH span AS (
    SELECT lower(r) AS low, upper(r) AS high
      FROM (SELECT range_agg(cells) AS cells FROM search.coverage WHERE ${where()}) AS merged, unnest(merged.cells) AS r),
  level AS (
    SELECT ${MOC_ORDER} - k AS cell_order,
           (low + (1 << 2 * k) - 1) >> 2 * k AS first, high >> 2 * k AS last,
           ((low + (1 << 2 * k + 2) - 1) >> 2 * k + 2) << 2 AS larger_first, (high >> 2 * k + 2) << 2 AS larger_last
      FROM span, generate_series(0, least(${MOC_ORDER}, floor(ln((high - low)::float8) / ln(4::float8) + 1e-9)::integer)) AS k),
  piece AS (
    SELECT cell_order, first, CASE WHEN has_larger THEN larger_first ELSE last END AS last
      FROM (SELECT *, cell_order > 0 AND larger_first < larger_last AS has_larger FROM level) AS both_ends
    UNION ALL
    SELECT cell_order, larger_last, last FROM level WHERE cell_order > 0 AND larger_first < larger_last)
  SELECT cell_order AS "order", string_agg(cell::text, ',' ORDER BY cell) AS cells
    FROM piece, generate_series(first, last - 1) AS cell GROUP BY cell_order ORDER BY cell_order`;

/** Keeps what every delivery covers, and merges it. */
@Injectable()
export class CoverageRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Replaces what an ObsUnitSet covers. */
  async replace(manager: EntityManager, ous: string, rows: readonly CoverageRow[]): Promise<void> {
    await manager.query(`DELETE FROM search.coverage WHERE ous = $1`, [ous]);
    for (const { proposal_id, band, cells } of rows) {
      await manager.query(
        `INSERT INTO search.coverage (ous, proposal_id, band, cells) VALUES ($1, $2, $3, $4::text::int8multirange)`,
        [ous, proposal_id, band, cells],
      );
    }
  }

  /**
   * Returns a text that differs for different contents of a scope: which rows it has, of which each has a number of its
   * own. Null when the project has nothing to query.
   */
  async fingerprint(scope: Scope): Promise<string | null> {
    const [row] = await this.dataSource.query<{ known: boolean; rows: string; mixed: string }[]>(
      `SELECT $1::text IS NULL OR EXISTS (SELECT FROM search.observation WHERE proposal_id = $1) AS known,
              count(*) AS rows, COALESCE(bit_xor(hashint8extended(loaded, 0)), 0) AS mixed
         FROM search.coverage WHERE ${where()}`,
      parameters(scope),
    );
    return row?.known === true
      ? `${MOC_ORDER}.${row.rows}.${BigInt.asUintN(64, BigInt(row.mixed)).toString(36)}`
      : null;
  }

  /** Returns the cells that cover a scope, by order; an order without cells is missing. */
  async cells(scope: Scope): Promise<OrderCells[]> {
    return this.dataSource.query<OrderCells[]>(CELLS, parameters(scope));
  }
}

function where(): string {
  return '($1::text IS NULL OR proposal_id = $1) AND ($2::text IS NULL OR band = $2)';
}

function parameters({ project, band }: Scope): (string | null)[] {
  return [project ?? null, band === undefined ? null : String(band)];
}
