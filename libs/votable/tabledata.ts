import { type Cell, type Ending, type Field, isText, type Row } from './field';
import type { Additions, RowEncoder } from './row-encoder';
import { documentHead, documentTail } from './votable-document';
import { xmlText } from './xml';

/** VOTable with TABLEDATA (VOTable 1.4, 5.1): an empty TD has no value. */
export class TableData implements RowEncoder {
  private readonly write: ((cell: string) => string)[];

  constructor(
    private readonly fields: readonly Field[],
    private readonly additions: Additions = {},
  ) {
    this.write = fields.map(writerOf);
  }

  begin(): string {
    return `${documentHead(this.fields, this.additions)}<TABLEDATA>\n`;
  }

  rows(rows: readonly Row[]): string {
    const { write } = this;
    let text = '';
    for (const row of rows) {
      text += '<TR>';
      for (let column = 0; column < write.length; column++) {
        const cell: Cell = row[column] ?? null;
        text += cell === null ? '<TD/>' : `<TD>${write[column]?.(cell)}</TD>`;
      }
      text += '</TR>\n';
    }
    return text;
  }

  end(ending: Ending): string {
    return `</TABLEDATA>${documentTail(ending, this.additions)}`;
  }
}

function writerOf(field: Field): (cell: string) => string {
  if (field.xtype === 'adql:TIMESTAMP' || field.xtype === 'timestamp') return isoTime;
  if (isText(field)) return xmlText;
  if (field.datatype === 'boolean') return (cell) => (cell === 't' ? 'true' : 'false');
  return (cell) => SPECIAL_NUMBERS[cell] ?? cell;
}

const SPECIAL_NUMBERS: Record<string, string> = { Infinity: '+Inf', '-Infinity': '-Inf' };

/** Returns a time of PostgreSQL as DALI writes it: `2015-12-05T00:00:00` (DALI 1.1, 3.3.3). */
export function isoTime(cell: string): string {
  return cell.replace(' ', 'T').replace(/[+-]\d\d(?::?\d\d)?$/, '');
}
