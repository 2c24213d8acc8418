import { type Cell, type Ending, type Field, isText, type Row } from './field';
import type { RowEncoder } from './row-encoder';
import { isoTime } from './tabledata';

/** Comma-separated values (RFC 4180) with a line of names; a missing value is empty. */
export class Csv implements RowEncoder {
  private readonly times: readonly boolean[];

  constructor(private readonly fields: readonly Field[]) {
    this.times = fields.map(isTime);
  }

  begin(): string {
    return `${this.fields.map(({ name }) => quoted(name)).join(',')}\r\n`;
  }

  rows(rows: readonly Row[]): string {
    let text = '';
    for (const row of rows) text += `${row.map((cell, column) => this.cell(cell, column)).join(',')}\r\n`;
    return text;
  }

  end({ status }: Ending): string | null {
    return status === 'ERROR' ? null : '';
  }

  private cell(cell: Cell, column: number): string {
    if (cell === null) return '';
    // An empty text is quoted, so that it differs from a missing one.
    return cell === '' ? '""' : quoted(this.times[column] === true ? isoTime(cell) : cell);
  }
}

/** Tab-separated values as IANA registers them: a tab or line break in a text becomes a blank. */
export class Tsv implements RowEncoder {
  private readonly times: readonly boolean[];

  constructor(private readonly fields: readonly Field[]) {
    this.times = fields.map(isTime);
  }

  begin(): string {
    return `${this.fields.map(({ name }) => plain(name)).join('\t')}\n`;
  }

  rows(rows: readonly Row[]): string {
    let text = '';
    for (const row of rows) {
      const cells = row.map((cell, column) => (this.times[column] === true ? isoTime(cell ?? '') : plain(cell ?? '')));
      text += `${cells.join('\t')}\n`;
    }
    return text;
  }

  end({ status }: Ending): string | null {
    return status === 'ERROR' ? null : '';
  }
}

/** JSON Lines: an object for each row; a missing value, and a number that JSON does not have, are null. */
export class JsonLines implements RowEncoder {
  private readonly columns: { key: string; write: (cell: string) => string }[];

  constructor(fields: readonly Field[]) {
    this.columns = fields.map((field) => ({ key: `${JSON.stringify(field.name)}:`, write: jsonWriter(field) }));
  }

  begin(): string {
    return '';
  }

  rows(rows: readonly Row[]): string {
    let text = '';
    for (const row of rows) {
      const members = this.columns.map(({ key, write }, column) => {
        const cell = row[column] ?? null;
        return key + (cell === null ? 'null' : write(cell));
      });
      text += `{${members.join(',')}}\n`;
    }
    return text;
  }

  end({ status }: Ending): string | null {
    return status === 'ERROR' ? null : '';
  }
}

function jsonWriter(field: Field): (cell: string) => string {
  if (isTime(field)) return (cell) => JSON.stringify(isoTime(cell));
  if (isText(field)) return (cell) => JSON.stringify(cell);
  if (field.datatype === 'boolean') return (cell) => (cell === 't' ? 'true' : 'false');
  return (cell) => (/^(?:NaN|-?Infinity)$/.test(cell) ? 'null' : cell);
}

function isTime({ xtype }: Field): boolean {
  return xtype === 'adql:TIMESTAMP' || xtype === 'timestamp';
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function plain(text: string): string {
  return text.replace(/[\t\r\n]/g, ' ');
}
