import { padEnd, padStart, textWidth } from '@almagest/text';
import type { Colours } from './terminal';

export interface Column {
  title: string;
  align?: 'right';
}

/** Formats a table, titles first. Columns are as wide as their widest cell and two spaces apart. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const all = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => textWidth(row[index] ?? ''))));
  return all.map((row) => {
    const cells = columns.map(({ align }, index) => {
      const [cell, width] = [row[index] ?? '', widths[index] ?? 0];
      return align === 'right' ? padStart(cell, width) : padEnd(cell, width);
    });
    return cells.join('  ').trimEnd();
  });
}

/** Formats labels with their values, one a line. */
export function facts(lines: readonly (readonly [label: string, text: string])[], colours: Colours): string[] {
  const width = Math.max(...lines.map(([label]) => label.length));
  return lines.map(([label, text]) => `  ${colours.dim(label.padEnd(width))}  ${text}`);
}

/** A line with lines below it. */
export interface Branch {
  text: string;
  below: readonly Branch[];
}

/** Lines of a tree drawn as the document draws its directories (§3). */
export function tree({ text, below }: Branch): string[] {
  return [
    text,
    ...below.flatMap((branch, index) => {
      const last = index === below.length - 1;
      const [first = '', ...rest] = tree(branch);
      return [`${last ? '`-- ' : '|-- '}${first}`, ...rest.map((line) => `${last ? '    ' : '|   '}${line}`)];
    }),
  ];
}
