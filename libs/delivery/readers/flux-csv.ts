import type { CalibratorFlux } from '../facts/file-facts';
import { linesOf, type Reading, readingOf, unreadable } from './reading';

/** The columns of every form; `uvmin` and `uvmax` were added later (docs/standard/real-deliveries.md §5). */
const COLUMNS = ['ms', 'field', 'spw', 'I', 'Q', 'U', 'V', 'spix', 'comment'] as const;
const MAX_ROWS = 20_000;

/** Reads flux.csv with nine or eleven columns. */
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
      if (rows.length >= MAX_ROWS) return unreadable(`at most ${MAX_ROWS} rows`, 'more');
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

/** More columns than any table has: limits the memory that a line of commas can use. */
const MAX_FIELDS = 256;

/**
 * Splits one line of comma-separated values; a field in double quotes may contain commas, and `""` for a quote (RFC
 * 4180). Null when a quote is not closed or is in the middle of a field, or when there are more than 256 fields.
 */
export function splitCsvLine(line: string): string[] | null {
  const fields: string[] = [];
  for (let at = 0; at <= line.length; at++) {
    const quoted = line[at] === '"';
    const end = quoted ? closingQuote(line, at + 1) : endOfField(line, at);
    if (end < 0 || fields.length >= MAX_FIELDS) return null;
    const after = quoted ? end + 1 : end;
    if (after < line.length && line[after] !== ',') return null;
    fields.push(quoted ? line.slice(at + 1, end).replaceAll('""', '"') : line.slice(at, end));
    at = after;
  }
  return fields;
}

function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) {
    if (line[at + 1] !== '"') return at;
  }
  return -1;
}

function endOfField(line: string, from: number): number {
  const comma = line.indexOf(',', from);
  return comma < 0 ? line.length : comma;
}
