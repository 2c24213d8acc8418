import { type Datatype, type Field, isText, type Row } from './field';
import type { RowBatch, RowForm } from './row-batch';

export type NumberType = Exclude<Datatype, 'char' | 'unicodeChar'>;

/** The width of a number or truth value in bytes, in VOTable (VOTable 1.4, 2.1) and in PostgreSQL. */
export const WIDTHS: Readonly<Record<NumberType, number>> = {
  boolean: 1,
  short: 2,
  int: 4,
  long: 8,
  float: 4,
  double: 8,
};

const TYPES: Readonly<Record<NumberType, string>> = {
  boolean: 'boolean',
  short: 'smallint',
  int: 'integer',
  long: 'bigint',
  float: 'real',
  double: 'double precision',
};

/** The length of a missing value. */
const MISSING = -1;

export const LETTER_T = 0x54;
export const LETTER_F = 0x46;

/**
 * The binary form (PostgreSQL, "COPY", binary format), without its header and its end: of each row the number of values
 * in two bytes; of each value its length in four, and its bytes. Single numbers and truth values have the bytes that
 * VOTable has, but that true is 1; all others are text in UTF-8.
 */
export class BinaryRows implements RowForm {
  readonly types: readonly string[];

  constructor(private readonly fields: readonly Field[]) {
    this.types = fields.map((field) => (isNumber(field) ? TYPES[field.datatype] : 'text'));
  }

  batchOf(rows: readonly Row[]): RowBatch {
    const pieces: Buffer[] = [];
    for (const row of rows) {
      pieces.push(int16(this.fields.length));
      for (const [index, field] of this.fields.entries()) {
        const cell = row[index] ?? null;
        if (cell === null) {
          pieces.push(int32(MISSING));
          continue;
        }
        const bytes = isNumber(field) ? numberBytes(field.datatype, cell) : Buffer.from(cell);
        pieces.push(int32(bytes.length), bytes);
      }
    }
    return { bytes: Buffer.concat(pieces), count: rows.length };
  }

  firstRows({ bytes }: RowBatch, count: number): RowBatch {
    let end = 0;
    for (let row = 0; row < count; row++) {
      end += 2;
      for (let value = 0; value < this.fields.length; value++) end += 4 + Math.max(0, bytes.readInt32BE(end));
    }
    return { bytes: bytes.subarray(0, end), count };
  }
}

/** Returns whether a field has one number or truth value. */
export function isNumber(field: Field): field is Field & { datatype: NumberType } {
  return !isText(field) && (field.arraysize === undefined || field.arraysize === '1');
}

/** Writes the text of a number or truth value as VOTable has it in bytes, and returns the offset after it. */
export function writeNumber(target: Buffer, at: number, datatype: NumberType, text: string): number {
  switch (datatype) {
    case 'boolean':
      return target.writeUInt8(text === 't' ? LETTER_T : LETTER_F, at);
    case 'short':
      return target.writeInt16BE(Number(text), at);
    case 'int':
      return target.writeInt32BE(Number(text), at);
    case 'long':
      return target.writeBigInt64BE(BigInt(text), at);
    case 'float':
      return target.writeFloatBE(Number(text), at);
    case 'double':
      return target.writeDoubleBE(Number(text), at);
  }
}

function numberBytes(datatype: NumberType, text: string): Buffer {
  if (datatype === 'boolean') return Buffer.of(text === 't' ? 1 : 0);
  const bytes = Buffer.alloc(WIDTHS[datatype]);
  writeNumber(bytes, 0, datatype, text);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
