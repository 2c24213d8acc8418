import type { Row } from './field';

/** Rows as PostgreSQL's COPY has them, in the form that an encoder takes. */
export interface RowBatch {
  readonly bytes: Buffer;
  readonly count: number;
}

/** A form of COPY's rows. */
export interface RowForm {
  /** The SQL types that the columns must have; null for the text form, which has every type. */
  readonly types: readonly string[] | null;
  batchOf(rows: readonly Row[]): RowBatch;
  /** Returns the first rows of a batch that has more. */
  firstRows(batch: RowBatch, count: number): RowBatch;
}

/**
 * The text form, in UTF-8: a tab after each value but the last, a line feed after that, `\N` for a missing value, and a
 * backslash before what would end a value (PostgreSQL, "COPY", text format).
 */
export const TEXT_ROWS: RowForm = { types: null, batchOf, firstRows };

export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const BACKSLASH = 0x5c;
const CAPITAL_N = 0x4e;

const ESCAPED: Readonly<Record<string, string>> = { '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\v': 'v' };

/** What a backslash makes of the byte after it. */
export const UNESCAPED = Uint8Array.from({ length: 256 }, (_, byte) => byte);
for (const [meant, letter] of Object.entries(ESCAPED)) UNESCAPED[letter.charCodeAt(0)] = meant.charCodeAt(0);

/** Returns whether the value that begins at an offset is missing; it then takes three bytes, with what ends it. */
export function isMissing(bytes: Buffer, at: number): boolean {
  return bytes[at] === BACKSLASH && bytes[at + 1] === CAPITAL_N;
}

/** Returns the offset of the tab or line feed that ends the value which begins at an offset. */
export function endOfValue(bytes: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === TAB || byte === LINE_FEED) return at;
    if (byte === undefined) throw new RangeError('a batch ends inside a row');
    at += 1;
  }
}

/** Returns the text of a value that is not missing, from its first byte to the one that ends it. */
export function textOf(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.)/gs, (_, letter: string) =>
    String.fromCharCode(UNESCAPED[letter.charCodeAt(0)] ?? letter.charCodeAt(0)),
  );
}

/** Returns rows as a batch. */
function batchOf(rows: readonly Row[]): RowBatch {
  const lines = rows.map((row) => `${row.map((cell) => (cell === null ? '\\N' : escaped(cell))).join('\t')}\n`);
  return { bytes: Buffer.from(lines.join('')), count: rows.length };
}

/** Returns the rows of a batch. */
export function rowsOf({ bytes }: RowBatch): Row[] {
  const rows: Row[] = [];
  let row: (string | null)[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = endOfValue(bytes, at);
    row.push(isMissing(bytes, at) ? null : textOf(bytes, at, end));
    if (bytes[end] === LINE_FEED) {
      rows.push(row);
      row = [];
    }
    at = end + 1;
  }
  return rows;
}

function firstRows({ bytes }: RowBatch, count: number): RowBatch {
  let end = 0;
  for (let row = 0; row < count; row++) end = bytes.indexOf(LINE_FEED, end) + 1;
  return { bytes: bytes.subarray(0, end), count };
}

function escaped(cell: string): string {
  return cell.replace(/[\\\b\f\n\r\t\v]/g, (found) => `\\${ESCAPED[found] ?? found}`);
}
