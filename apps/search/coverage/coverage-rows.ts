import { coveringCells } from './cells';

/** The part of the sky that a delivery shows in one band; `band` is null for images without a frequency. */
export interface CoverageRow {
  ous: string;
  proposal_id: string;
  band: string | null;
  /** Text form of PostgreSQL's int8multirange. */
  cells: string;
}

/** Returns what the rows of a delivery cover, by band. Rows without a footprint cover nothing. */
export function coverageRows(
  observations: readonly Record<string, string | number | null>[],
  { ous, project }: { ous: string; project: string },
): CoverageRow[] {
  const bands = new Map<string | null, Set<string>>();
  for (const { footprint, band_list: band } of observations) {
    if (typeof footprint !== 'string') continue;
    const name = typeof band === 'string' ? band : null;
    bands.set(name, (bands.get(name) ?? new Set()).add(footprint));
  }
  return [...bands].map(([band, footprints]) => {
    const ranges = [...footprints].flatMap((footprint) => coveringCells(footprint));
    return { ous, proposal_id: project, band, cells: `{${ranges.map(([from, end]) => `[${from},${end})`).join(',')}}` };
  });
}
