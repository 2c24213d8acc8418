import type { Cell, Row } from '../field';
import { TableError } from './table.error';
import { checkCount, type TableDatatype, type TableField } from './table-field';

/** Bytes of a row at most. */
const ROW_BYTES = 16 * 1024 * 1024;
const WIDTHS: Record<TableDatatype, number> = {
  boolean: 1,
  bit: 1 / 8,
  unsignedByte: 1,
  short: 2,
  int: 4,
  long: 8,
  char: 1,
  unicodeChar: 2,
  float: 4,
  double: 8,
  floatComplex: 8,
  doubleComplex: 16,
};
const BOOLEANS: Record<string, string> = { T: 't', t: 't', '1': 't', F: 'f', f: 'f', '0': 'f' };

/** Reads the rows of BINARY and BINARY2 (VOTable 1.4, 5.3 and 5.4) from bytes that arrive in pieces. */
export class BinaryRows {
  private rest: Buffer = Buffer.alloc(0);
  private count = 0;
  private readonly maskBytes: number;

  /** @param hasMask true for BINARY2, which marks the values that are missing */
  constructor(
    private readonly fields: readonly TableField[],
    hasMask: boolean,
  ) {
    this.maskBytes = hasMask ? Math.ceil(fields.length / 8) : 0;
    const least = fields.reduce((sum, { datatype, shape }) => sum + (bytesOf(datatype, shape.fixed) ?? 4), 0);
    if (least + this.maskBytes === 0)
      throw new TableError('the rows have no bytes; expected a column with an arraysize');
  }

  /** Returns the rows that are complete. @throws TableError */
  push(bytes: Buffer): Row[] {
    const all = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const rows: Row[] = [];
    let at = 0;
    for (;;) {
      const end = this.endOfRow(all, at);
      if (end === null) break;
      rows.push(this.row(all, at));
      this.count += 1;
      at = end;
    }
    this.rest = Buffer.from(all.subarray(at));
    return rows;
  }

  /** @throws TableError when the bytes end inside a row */
  end(): void {
    if (this.rest.length > 0) throw this.wrong(`${this.rest.length} bytes; expected a whole row`);
  }

  /** Returns where the row at `at` ends; null when it is not complete. */
  private endOfRow(bytes: Buffer, at: number): number | null {
    let end = at + this.maskBytes;
    for (const field of this.fields) {
      let count = field.shape.fixed;
      if (count === null) {
        if (end + 4 > bytes.length) return null;
        count = bytes.readUInt32BE(end);
        end += 4;
        if (count > field.shape.most) throw this.wrong(`${count} values; expected at most ${field.shape.most}`, field);
      }
      end += bytesOf(field.datatype, count) ?? 0;
      if (end - at > ROW_BYTES) throw this.wrong(`more than ${ROW_BYTES} bytes`);
    }
    return end > bytes.length ? null : end;
  }

  private row(bytes: Buffer, start: number): Row {
    let at = start + this.maskBytes;
    return this.fields.map((field, index) => {
      const isMissing = this.maskBytes > 0 && ((bytes[start + (index >> 3)] ?? 0) & (0x80 >> (index & 7))) !== 0;
      let count = field.shape.fixed;
      if (count === null) {
        count = bytes.readUInt32BE(at);
        at += 4;
      }
      const from = at;
      at += bytesOf(field.datatype, count) ?? 0;
      if (isMissing) return null;
      try {
        checkCount(count, field.shape);
        return cellOf(field, bytes.subarray(from, at), count);
      } catch (error) {
        if (error instanceof TableError) throw this.wrong(error.message, field);
        throw error;
      }
    });
  }

  private wrong(problem: string, field?: TableField): TableError {
    const column = field === undefined ? '' : `, column ${field.name}`;
    return new TableError(`row ${this.count + 1}${column}: ${problem}`);
  }
}

function bytesOf(datatype: TableDatatype, count: number | null): number | null {
  return count === null ? null : Math.ceil(WIDTHS[datatype] * count);
}

/** An empty text, the null value of the column, and NaN are no value. */
function cellOf(field: TableField, bytes: Buffer, count: number): Cell {
  const { datatype, shape, missing } = field;
  if (datatype === 'char' || datatype === 'unicodeChar') {
    const text = textOf(datatype, bytes);
    return text === '' || text === missing ? null : text;
  }
  // astropy sets another bit than the first for a single one.
  if (datatype === 'bit' && shape.isScalar) return bytes[0] === 0 ? '0' : '1';
  const numbers = datatype.endsWith('Complex') ? count * 2 : count;
  const width = bytes.length / numbers;
  const one = (index: number): Cell => VALUES[datatype](bytes, index, index * width);
  if (shape.isScalar && numbers === 1) {
    const cell = one(0);
    return cell === 'NaN' || cell === missing ? null : cell;
  }
  return count === 0 ? null : Array.from({ length: numbers }, (_, index) => one(index) ?? '?').join(' ');
}

function textOf(datatype: 'char' | 'unicodeChar', bytes: Buffer): string {
  const text = datatype === 'char' ? bytes.toString('utf8') : Buffer.from(bytes).swap16().toString('utf16le');
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

type ReadValue = (bytes: Buffer, index: number, at: number) => Cell;

const VALUES: Record<Exclude<TableDatatype, 'char' | 'unicodeChar'>, ReadValue> = {
  bit: (bytes, index) => (((bytes[index >> 3] ?? 0) & (0x80 >> (index & 7))) === 0 ? '0' : '1'),
  boolean: (bytes, _index, at) => booleanOf(bytes[at] ?? 0),
  unsignedByte: (bytes, _index, at) => String(bytes[at]),
  short: (bytes, _index, at) => String(bytes.readInt16BE(at)),
  int: (bytes, _index, at) => String(bytes.readInt32BE(at)),
  long: (bytes, _index, at) => bytes.readBigInt64BE(at).toString(),
  float: (bytes, _index, at) => String(bytes.readFloatBE(at)),
  floatComplex: (bytes, _index, at) => String(bytes.readFloatBE(at)),
  double: (bytes, _index, at) => String(bytes.readDoubleBE(at)),
  doubleComplex: (bytes, _index, at) => String(bytes.readDoubleBE(at)),
};

function booleanOf(byte: number): Cell {
  const letter = String.fromCharCode(byte);
  if (byte === 0 || letter === ' ' || letter === '?') return null;
  const cell = BOOLEANS[letter];
  if (cell === undefined) throw new TableError(`the byte ${byte} is no boolean; expected T, F or ?`);
  return cell;
}
