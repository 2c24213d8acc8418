import { isAscii } from 'node:buffer';
import { BinaryRows, isNumber, LETTER_F, LETTER_T, type NumberType, WIDTHS, writeNumber } from './binary-rows';
import { type Ending, type Field, isText } from './field';
import type { RowBatch } from './row-batch';
import type { Additions, RowEncoder } from './row-encoder';
import { put, Scratch } from './scratch';
import { isoTime, isTime } from './time';
import { documentHead, documentTail } from './votable-document';

/** What a column's values become. */
interface Column {
  /** Bytes of a number, which are copied; 0 for other values. */
  readonly width: number;
  /** Bytes of a value that is missing, filled with zeros. */
  readonly empty: number;
  /** Writes the value between two offsets of a batch that is no number, and returns the offset after it. */
  readonly write: (target: Buffer, at: number, source: Buffer, start: number, end: number) => number;
}

/** Two bytes of a batch, a digit and a blank, become the eight of a number at most. */
const EXPANSION = 4;
/** Up to two bytes that did not fill a group of base64. */
const REST = 2;

/** Bytes that become one string of base64: memory for a much longer string takes the runtime as long as the rest. */
const BASE64_BYTES = 48 * 1024;

/** VOTable with BINARY2 (VOTable 1.4, 5.4): a bit for each missing value, then the values; in base64. */
export class Binary2 implements RowEncoder {
  readonly form: BinaryRows;
  private readonly columns: readonly Column[];
  private readonly maskBytes: number;
  /** Bytes that a row of missing values has at most. */
  private readonly emptyRow: number;
  private readonly scratch = new Scratch();
  private readonly output = new Scratch();
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    private readonly fields: readonly Field[],
    private readonly additions: Additions = {},
  ) {
    this.form = new BinaryRows(fields);
    this.columns = fields.map(columnOf);
    this.maskBytes = Math.ceil(fields.length / 8);
    this.emptyRow = this.columns.reduce((sum, { empty }) => sum + empty, this.maskBytes);
  }

  begin(): string {
    return `${documentHead(this.fields, this.additions)}<BINARY2><STREAM encoding="base64">\n`;
  }

  rows({ bytes, count }: RowBatch): Buffer {
    const { scratch, columns, maskBytes } = this;
    const target = scratch.room(0, REST + EXPANSION * bytes.length + count * this.emptyRow);
    let at = this.rest.copy(target);
    let read = 0;
    while (read < bytes.length) {
      read += 2;
      const mask = at;
      at += maskBytes;
      zeros(target, mask, at);
      for (let index = 0; index < columns.length; index++) {
        const { width, empty, write } = columns[index] as Column;
        const length = int32(bytes, read);
        const start = read + 4;
        if (length < 0) {
          const byte = mask + (index >> 3);
          target[byte] = (target[byte] as number) | (0x80 >> (index & 7));
          at = zeros(target, at, at + empty);
          read = start;
          continue;
        }
        read = start + length;
        if (width === 0) at = write(target, at, bytes, start, read);
        else for (let from = start; from < read; from++) target[at++] = bytes[from] as number;
      }
    }
    const whole = at - (at % 3);
    this.rest = Buffer.from(scratch.written(at).subarray(whole));
    return this.base64(target, whole);
  }

  end(ending: Ending): string {
    return `${this.rest.toString('base64')}\n</STREAM></BINARY2>${documentTail(ending, this.additions)}`;
  }

  private base64(bytes: Buffer, count: number): Buffer {
    const output = this.output.room(0, (count / 3) * 4);
    let at = 0;
    for (let from = 0; from < count; from += BASE64_BYTES) {
      at += output.write(bytes.toString('base64', from, Math.min(count, from + BASE64_BYTES)), at, 'latin1');
    }
    return this.output.written(at);
  }
}

function int32(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

function columnOf(field: Field): Column {
  const { datatype, arraysize } = field;
  if (isText(field)) return textColumn(field, datatype === 'char' ? 1 : 2);
  const number = datatype as NumberType;
  if (!isNumber(field)) return arrayColumn(number, fixedSize(arraysize ?? '1'));
  const width = WIDTHS[number];
  return { width: number === 'boolean' ? 0 : width, empty: width, write: writeTruth };
}

function writeTruth(target: Buffer, at: number, source: Buffer, start: number): number {
  return target.writeUInt8(source[start] === 1 ? LETTER_T : LETTER_F, at);
}

/** Numbers with blanks between them, as DALI has positions and circles (DALI 1.1, 3.3). */
function arrayColumn(datatype: NumberType, size: number | null): Column {
  const width = WIDTHS[datatype];
  return {
    width: 0,
    empty: size === null ? 4 : size * width,
    write(target, from, source, start, end) {
      const numbers = source
        .toString('latin1', start, end)
        .split(' ')
        .filter(Boolean)
        .slice(0, size ?? undefined);
      const first = size === null ? target.writeUInt32BE(numbers.length, from) : from;
      const at = numbers.reduce((next, number) => writeNumber(target, next, datatype, number), first);
      return size === null ? at : zeros(target, at, from + size * width);
    },
  };
}

/** `char` is ASCII: clients fail at other bytes, so any other character becomes `?`. `unicodeChar` is UCS-2. */
function textColumn(field: Field, width: 1 | 2): Column {
  const size = fixedSize(field.arraysize ?? '1');
  const limit = size ?? Infinity;
  const hasTimes = isTime(field);
  return {
    width: 0,
    empty: size === null ? 4 : size * width,
    write(target, from, source, start, end) {
      const first = size === null ? from + 4 : from;
      let at = first;
      if (!hasTimes && end - start <= limit && isAsciiAt(source, start, end)) {
        at = width === 1 ? put(target, first, source, start, end) : putWide(target, first, source, start, end);
      } else {
        const text = source.toString('utf8', start, end);
        at = writeUnits(target, first, (hasTimes ? isoTime(text) : text).slice(0, limit), width);
      }
      if (size !== null) return zeros(target, at, from + size * width);
      target.writeUInt32BE((at - first) / width, from);
      return at;
    },
  };
}

/** A call of the runtime takes as long as looking at this many bytes one by one. */
const FEW_BYTES = 64;

function isAsciiAt(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > FEW_BYTES) return isAscii(bytes.subarray(start, end));
  for (let at = start; at < end; at++) if ((bytes[at] as number) >= 0x80) return false;
  return true;
}

/** Writes ASCII as UCS-2, and returns the offset after it. */
function putWide(target: Buffer, from: number, source: Buffer, start: number, end: number): number {
  if (end - start > FEW_BYTES) return writeUnits(target, from, source.toString('latin1', start, end), 2);
  let at = from;
  for (let read = start; read < end; read++) {
    target[at++] = 0;
    target[at++] = source[read] as number;
  }
  return at;
}

function writeUnits(target: Buffer, from: number, text: string, width: 1 | 2): number {
  let at = from;
  if (width === 2) {
    at += target.write(text, from, 'utf16le');
    target.subarray(from, at).swap16();
    return at;
  }
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    target[at++] = unit < 0x80 ? unit : QUESTION_MARK;
  }
  return at;
}

/** Most are too few for a call of the runtime. */
function zeros(target: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) target[at] = 0;
  return end;
}

const QUESTION_MARK = 0x3f;

/** Returns the number of elements of `4`; null for `*` and `64*`. */
function fixedSize(arraysize: string): number | null {
  return /^\d+$/.test(arraysize) ? Number(arraysize) : null;
}
