import { clip, count, humanSize, printable } from '@almagest/text';
import { type Column, table } from '../output/table';
import type { Colours } from '../output/terminal';
import type { Written } from '../searching/write-result';

/** Characters of a cell that are shown: an abstract would fill the screen. */
const WIDEST = 60;

/** The rows of a result as a table. */
export function resultTable(rows: readonly Record<string, unknown>[], colours: Colours): string[] {
  const names = Object.keys(rows[0] ?? {});
  const columns: Column[] = names.map((name) => ({
    title: printable(name),
    ...(rows.every((row) => row[name] === null || typeof row[name] === 'number') ? { align: 'right' as const } : {}),
  }));
  const cells = rows.map((row) => names.map((name) => clip(printable(cellText(row[name])), WIDEST)));
  const [head = '', ...lines] = table(columns, cells);
  return [colours.dim(head), ...lines];
}

/** `result.csv: 1234 rows, 5.6 MB`, for a result in a file. */
export function writtenLines({ rows, bytes }: Written, file: string | undefined): string[] {
  if (file === undefined) return [];
  return [`${printable(file)}: ${[...(rows === null ? [] : [count(rows, 'row')]), humanSize(bytes)].join(', ')}`];
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
