import { padEnd, padStart, textWidth } from '@almagest/text';

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
