import type { CalibratorFlux } from '../facts/flux-facts';
import { splitCsvLine } from './csv';
import { linesOf } from './lines';
import { type Reading, readingOf, unreadable } from './reading';

/** The columns every form has; `uvmin` and `uvmax` came later (alma-facts §5). */
const COLUMNS = ['ms', 'field', 'spw', 'I', 'Q', 'U', 'V', 'spix', 'comment'] as const;
const MOST_ROWS = 20_000;

/** Reads flux.csv in its nine- and its eleven-column form. */
export function readFluxCsv(text: string): Reading<CalibratorFlux[]> {
  let columns: string[] | null = null;
  const rows: CalibratorFlux[] = [];
  let lineNumber = 0;
  for (const line of linesOf(text.replace(/^\ufeff/, ''))) {
    lineNumber++;
    if (columns === null) {
      columns = splitCsvLine(line)?.map((name) => name.trim()) ?? [];
      const missing = COLUMNS.filter((name) => !columns?.includes(name));
      if (missing.length > 0) return unreadable(`columns ${COLUMNS.join(', ')}`, `no column ${missing.join(', ')}`);
    } else if (line.trim() !== '') {
      if (rows.length >= MOST_ROWS) return unreadable(`at most ${MOST_ROWS} rows`, 'more');
      const row = toRow(columns, splitCsvLine(line));
      if (row === null) return unreadable(`${columns.length} fields and a numeric flux`, `line ${lineNumber} differs`);
      rows.push(row);
    }
  }
  return readingOf(rows);
}

function toRow(columns: readonly string[], fields: readonly string[] | null): CalibratorFlux | null {
  if (fields?.length !== columns.length) return null;
  const of = (name: (typeof COLUMNS)[number]): string => fields[columns.indexOf(name)]?.trim() ?? '';
  const jansky = number(of('I'));
  const measurementSet = of('ms');
  if (jansky === null || measurementSet === '') return null;
  return { measurementSet, field: of('field'), spw: of('spw'), jansky, spectralIndex: number(of('spix')) };
}

function number(text: string): number | null {
  const value = text === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
