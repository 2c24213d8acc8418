import { type Cell, type Ending, type Field, type Row } from './field';
import type { Additions, RowEncoder } from './row-encoder';
import { isoTime } from './tabledata';
import { documentHead, documentTail } from './votable-document';

/** A column's values as bytes, most significant byte first. A value that is missing has its length, filled with zeros. */
interface ColumnWriter {
  /** Bytes of a value, without the count before text of variable length. */
  length(cell: string): number;
  write(cell: string, target: Buffer, at: number): void;
  /** Whether a count of elements is before the value. */
  counted: boolean;
  /** Bytes of one element. */
  width: number;
  /** Elements of a value that is missing. */
  empty: number;
}

/** VOTable with BINARY2 (VOTable 1.4, 5.4): a bit for each missing value, then the values; in base64. */
export class Binary2 implements RowEncoder {
  private readonly columns: ColumnWriter[];
  private readonly maskBytes: number;
  /** Up to two bytes that do not fill a group of base64 yet. */
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    private readonly fields: readonly Field[],
    private readonly additions: Additions = {},
  ) {
    this.columns = fields.map(writerOf);
    this.maskBytes = Math.ceil(fields.length / 8);
  }

  begin(): string {
    return `${documentHead(this.fields, this.additions)}<BINARY2><STREAM encoding="base64">\n`;
  }

  rows(rows: readonly Row[]): string {
    const bytes = Buffer.concat([this.rest, ...rows.map((row) => this.rowBytes(row))]);
    const whole = bytes.length - (bytes.length % 3);
    this.rest = bytes.subarray(whole);
    return bytes.toString('base64', 0, whole);
  }

  end(ending: Ending): string {
    return `${this.rest.toString('base64')}\n</STREAM></BINARY2>${documentTail(ending, this.additions)}`;
  }

  private rowBytes(row: Row): Buffer {
    const { columns, maskBytes } = this;
    let size = maskBytes;
    for (const [index, column] of columns.entries()) size += sizeOf(column, row[index] ?? null);
    const target = Buffer.alloc(size);
    let at = maskBytes;
    for (const [index, column] of columns.entries()) {
      const cell = row[index] ?? null;
      if (cell === null) {
        const byte = index >> 3;
        target[byte] = (target[byte] ?? 0) | (0x80 >> (index & 7));
      } else {
        const offset = column.counted ? 4 : 0;
        if (column.counted) target.writeUInt32BE(column.length(cell) / column.width, at);
        column.write(cell, target, at + offset);
      }
      at += sizeOf(column, cell);
    }
    return target;
  }
}

function sizeOf(column: ColumnWriter, cell: Cell): number {
  const values = cell === null ? column.empty * column.width : column.length(cell);
  return values + (column.counted ? 4 : 0);
}

function writerOf(field: Field): ColumnWriter {
  const { datatype, arraysize } = field;
  if (datatype === 'char' || datatype === 'unicodeChar') return text(field);
  const one = NUMBERS[datatype];
  const isArray = arraysize !== undefined && arraysize !== '1';
  return isArray ? array(one, arraysize) : { ...one, length: () => one.width, counted: false, empty: 1 };
}

type NumberWriter = Pick<ColumnWriter, 'width' | 'write'>;

const NUMBERS: Record<Exclude<Field['datatype'], 'char' | 'unicodeChar'>, NumberWriter> = {
  boolean: { width: 1, write: (cell, target, at) => void target.write(cell === 't' ? 'T' : 'F', at, 'latin1') },
  short: { width: 2, write: (cell, target, at) => void target.writeInt16BE(Number(cell), at) },
  int: { width: 4, write: (cell, target, at) => void target.writeInt32BE(Number(cell), at) },
  long: { width: 8, write: (cell, target, at) => void target.writeBigInt64BE(BigInt(cell), at) },
  float: { width: 4, write: (cell, target, at) => void target.writeFloatBE(Number(cell), at) },
  double: { width: 8, write: (cell, target, at) => void target.writeDoubleBE(Number(cell), at) },
};

/** The text of an array has its numbers separated by blanks (DALI 1.1, 3.3). */
function array({ width, write }: NumberWriter, arraysize: string): ColumnWriter {
  const fixed = /^\d+$/.test(arraysize) ? Number(arraysize) : null;
  const wordsOf = (cell: string): string[] => cell.split(' ').slice(0, fixed ?? undefined);
  return {
    width,
    length: (cell) => (fixed ?? wordsOf(cell).length) * width,
    write: (cell, target, at) => {
      for (const [index, word] of wordsOf(cell).entries()) write(word, target, at + index * width);
    },
    counted: fixed === null,
    empty: fixed ?? 0,
  };
}

/** `char` is ASCII: clients fail at other bytes, so any other character becomes `?`. `unicodeChar` is UCS-2. */
function text({ datatype, arraysize, xtype }: Field): ColumnWriter {
  const width = datatype === 'char' ? 1 : 2;
  const form = xtype === 'adql:TIMESTAMP' || xtype === 'timestamp' ? isoTime : (cell: string): string => cell;
  const write = (cell: string, target: Buffer, at: number, limit?: number): void => {
    const value = form(cell).slice(0, limit);
    if (width === 2) target.write(value, at, 'utf16le');
    else target.write(value.replace(NOT_ASCII, '?'), at, 'latin1');
    if (width === 2) target.subarray(at, at + value.length * 2).swap16();
  };
  const fixed = arraysize === undefined ? 1 : /^\d+$/.test(arraysize) ? Number(arraysize) : null;
  return fixed === null
    ? { length: (cell) => form(cell).length * width, write, counted: true, width, empty: 0 }
    : {
        length: () => fixed * width,
        write: (cell, target, at) => write(cell, target, at, fixed),
        counted: false,
        width,
        empty: fixed,
      };
}

/** By UTF-16 unit, so that the length stays. */
const NOT_ASCII = /[^\u0000-\u007f]/g;
