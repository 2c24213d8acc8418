import type { CalibratorFlux } from '../facts/file-facts';
import { linesOf, type Reading, readingOf, unreadable } from './reading';

/** The columns of every form; `uvmin` and `uvmax` were added later (docs/standard/real-deliveries.md §5). */
const COLUMNS = ['ms', 'field', 'spw', 'I', 'Q', 'U', 'V', 'spix', 'comment'] as const;
const MAX_ROWS = 20_000;

/** Reads flux.csv with nine or eleven columns. */
export function readFluxCsv(text: string): Reading<CalibratorFlux[]> {
  let columns: string[] | null = null;
  const rows: CalibratorFlux[] = [];
  for (const { record, line } of recordsOf(text.replace(/^\ufeff/, ''))) {
    if (columns === null) {
      columns = splitCsvLine(record)?.map((name) => name.trim()) ?? [];
      const missing = COLUMNS.filter((name) => !columns?.includes(name));
      if (missing.length > 0) return unreadable(`columns ${COLUMNS.join(', ')}`, `no column ${missing.join(', ')}`);
    } else if (record.trim() !== '') {
      if (rows.length >= MAX_ROWS) return unreadable(`at most ${MAX_ROWS} rows`, 'more');
      const row = toRow(columns, splitCsvLine(record));
      if (row === null) return unreadable(`${columns.length} fields and a numeric flux`, `line ${line} differs`);
      rows.push(row);
    }
  }
  return readingOf(rows);
}

/** A comment has a few lines at most: a quote left open does not join the rest of the table to one record. */
const MAX_LINES_OF_RECORD = 100;

/** Yields the records of a table with the line that each begins on: a line may end inside quotes (RFC 4180 §2). */
function* recordsOf(text: string): Iterable<{ record: string; line: number }> {
  let open: string[] = [];
  let isOpen = false;
  let line = 0;
  for (const each of linesOf(text)) {
    line++;
    open.push(each);
    if ((each.split('"').length - 1) % 2 === 1) isOpen = !isOpen;
    if (isOpen && open.length < MAX_LINES_OF_RECORD) continue;
    yield { record: open.join('\n'), line: line - open.length + 1 };
    open = [];
    isOpen = false;
  }
  if (open.length > 0) yield { record: open.join('\n'), line: line - open.length + 1 };
}

function toRow(columns: readonly string[], fields: readonly string[] | null): CalibratorFlux | null {
  if (fields?.length !== columns.length) return null;
  const of = (name: (typeof COLUMNS)[number]): string => fields[columns.indexOf(name)]?.trim() ?? '';
  const jansky = number(of('I'));
  const measurementSet = of('ms');
  if (jansky === null || measurementSet === '') return null;
  const spectralIndex = number(of('spix'));
  return { measurementSet, field: of('field'), spw: of('spw'), jansky, spectralIndex, ...described(of('comment')) };
}

/** `# J1037-2934 intent=BANDPASS,FLUX, origin=Source.xml`, or later `# field=J1037-2934 intents=BANDPASS,PHASE`. */
const COMMENT =
  /^#?\s*(?:field\s*=\s*)?"?([^\s,;="]{1,64})"?[\s,;]+intents?\s*=\s*([A-Z][A-Z_0-9#]*(?:\s*,\s*[A-Z][A-Z_0-9#]*(?![\w=]))*)/;

/** Returns the source and its intents from the comment of a row; null and none when it names none. */
function described(comment: string): Pick<CalibratorFlux, 'source' | 'intents'> {
  const [, source = null, intents = ''] = COMMENT.exec(comment) ?? [];
  return { source, intents: intents.split(',').flatMap((intent) => intent.trim() || []) };
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
