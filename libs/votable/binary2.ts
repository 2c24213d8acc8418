import type { Datatype, Ending, Field } from './field';
import { BACKSLASH, endOfValue, isMissing, type RowBatch, textOf } from './row-batch';
import type { Additions, RowEncoder } from './row-encoder';
import { Scratch } from './scratch';
import { isoTime, isTime as isTimeField } from './time';
import { documentHead, documentTail } from './votable-document';

/** A batch, and its bytes as characters: to cut a number from them takes less time than to make a string of bytes. */
interface Source {
  bytes: Buffer;
  latin1: string;
}

/** A column's values as bytes, most significant byte first. */
interface ColumnWriter {
  /** Writes the value between two offsets of a batch, and returns the offset after it. */
  write(target: Buffer, at: number, source: Source, start: number, end: number): number;
  /** Bytes of a value that is missing, filled with zeros. */
  empty: number;
  /** Bytes that a value may take besides those that its text becomes. */
  most: number;
}

/** Two bytes of a batch, a digit and a blank, become the eight of a number at most. */
const EXPANSION = 4;

/** VOTable with BINARY2 (VOTable 1.4, 5.4): a bit for each missing value, then the values; in base64. */
export class Binary2 implements RowEncoder {
  private readonly columns: ColumnWriter[];
  private readonly maskBytes: number;
  private readonly mostOfRow: number;
  private readonly scratch = new Scratch();
  /** Up to two bytes that do not fill a group of base64 yet. */
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    private readonly fields: readonly Field[],
    private readonly additions: Additions = {},
  ) {
    this.columns = fields.map(writerOf);
    this.maskBytes = Math.ceil(fields.length / 8);
    this.mostOfRow = this.columns.reduce((sum, { most }) => sum + most, this.maskBytes);
  }

  begin(): string {
    return `${documentHead(this.fields, this.additions)}<BINARY2><STREAM encoding="base64">\n`;
  }

  rows({ bytes, count }: RowBatch): Buffer {
    const { scratch, rest, columns } = this;
    const target = scratch.room(0, rest.length + EXPANSION * bytes.length + count * this.mostOfRow);
    const source = { bytes, latin1: bytes.toString('latin1') };
    let at = rest.copy(target);
    for (let read = 0; read < bytes.length;) {
      const mask = at;
      at += this.maskBytes;
      target.fill(0, mask, at);
      for (const [index, column] of columns.entries()) {
        if (isMissing(bytes, read)) {
          const byte = mask + (index >> 3);
          target[byte] = (target[byte] ?? 0) | (0x80 >> (index & 7));
          target.fill(0, at, at + column.empty);
          at += column.empty;
          read += 3;
        } else {
          const end = endOfValue(bytes, read);
          at = column.write(target, at, source, read, end);
          read = end + 1;
        }
      }
    }
    const whole = at - (at % 3);
    const text = target.toString('base64', 0, whole);
    this.rest = scratch.taken(whole, at);
    return Buffer.from(text, 'latin1');
  }

  end(ending: Ending): string {
    return `${this.rest.toString('base64')}\n</STREAM></BINARY2>${documentTail(ending, this.additions)}`;
  }
}

type NumberType = Exclude<Datatype, 'char' | 'unicodeChar'>;

const WIDTHS: Readonly<Record<NumberType, number>> = { boolean: 1, short: 2, int: 4, long: 8, float: 4, double: 8 };

/** Writes the number, or truth value, between two offsets of a batch. */
type NumberWriter = ColumnWriter['write'];

const NUMBERS: Readonly<Record<NumberType, NumberWriter>> = {
  boolean: (target, at, { bytes }, start) => target.writeUInt8(bytes[start] === LOWER_T ? LETTER_T : LETTER_F, at),
  short: (target, at, source, start, end) => target.writeInt16BE(integer(source, start, end), at),
  int: (target, at, source, start, end) => target.writeInt32BE(integer(source, start, end), at),
  long: writeLong,
  float: (target, at, source, start, end) => target.writeFloatBE(decimal(source, start, end), at),
  double: (target, at, source, start, end) => target.writeDoubleBE(decimal(source, start, end), at),
};

/** Digits of an integer that a number holds exactly. */
const EXACT_DIGITS = 15;
const LOW_WORD = 2 ** 32;

function writeLong(target: Buffer, at: number, source: Source, start: number, end: number): number {
  if (end - start > EXACT_DIGITS) return target.writeBigInt64BE(BigInt(source.latin1.slice(start, end)), at);
  const value = integer(source, start, end);
  target.writeInt32BE(Math.floor(value / LOW_WORD), at);
  return target.writeUInt32BE(value >>> 0, at + 4);
}

/** Most numbers are a few digits: these take no string. */
function integer(source: Source, start: number, end: number): number {
  if (end - start > EXACT_DIGITS) return decimal(source, start, end);
  const isNegative = source.bytes[start] === MINUS;
  let value = 0;
  for (let at = isNegative ? start + 1 : start; at < end; at++) {
    const digit = (source.bytes[at] as number) - DIGIT_0;
    if (digit < 0 || digit > 9) return decimal(source, start, end);
    value = 10 * value + digit;
  }
  return isNegative ? -value : value;
}

function decimal(source: Source, start: number, end: number): number {
  return Number(source.latin1.slice(start, end));
}

function writerOf(field: Field): ColumnWriter {
  const { datatype, arraysize } = field;
  if (datatype === 'char' || datatype === 'unicodeChar') return textWriter(field, datatype === 'char' ? 1 : 2);
  const [width, write] = [WIDTHS[datatype], NUMBERS[datatype]];
  if (arraysize === undefined || arraysize === '1') return { write, empty: width, most: width };
  return arrayWriter(width, write, fixedSize(arraysize));
}

/** Numbers with blanks between them, as DALI has positions and circles (DALI 1.1, 3.3). */
function arrayWriter(width: number, write: NumberWriter, size: number | null): ColumnWriter {
  return {
    write(target, from, source, start, end) {
      const first = size === null ? from + 4 : from;
      const limit = first + (size ?? Infinity) * width;
      let at = first;
      for (let read = start; read < end && at < limit;) {
        const blank = source.latin1.indexOf(' ', read);
        const last = blank < 0 || blank > end ? end : blank;
        if (last > read) at = write(target, at, source, read, last);
        read = last + 1;
      }
      if (size === null) {
        target.writeUInt32BE((at - first) / width, from);
        return at;
      }
      target.fill(0, at, limit);
      return limit;
    },
    empty: size === null ? 4 : size * width,
    most: size === null ? 4 + width : size * width,
  };
}

/** `char` is ASCII: clients fail at other bytes, so any other character becomes `?`. `unicodeChar` is UCS-2. */
function textWriter(field: Field, width: 1 | 2): ColumnWriter {
  const isTime = isTimeField(field);
  const size = field.arraysize === undefined ? 1 : fixedSize(field.arraysize);
  const limit = (size ?? Infinity) * width;
  return {
    write(target, from, { bytes }, start, end) {
      const first = size === null ? from + 4 : from;
      const isLong = width === 2 && end - start > LONG_TEXT;
      let at = isTime || isLong ? -1 : writeAscii(target, first, bytes, start, end, width, limit);
      if (at < 0) {
        const text = textOf(bytes, start, end);
        at = writeUnits(target, first, (isTime ? isoTime(text) : text).slice(0, size ?? undefined), width);
      }
      if (size === null) {
        target.writeUInt32BE((at - first) / width, from);
        return at;
      }
      target.fill(0, at, from + size * width);
      return from + size * width;
    },
    empty: size === null ? 4 : size * width,
    most: size === null ? 4 : size * width,
  };
}

/** Writes a text of ASCII without escapes, and returns the offset after it; -1 for another text. */
function writeAscii(
  target: Buffer,
  from: number,
  bytes: Buffer,
  start: number,
  end: number,
  width: 1 | 2,
  limit: number,
): number {
  const last = start + Math.min(end - start, limit / width);
  let at = from;
  for (let read = start; read < last; read++) {
    const byte = bytes[read] ?? 0;
    if (byte >= 0x80 || byte === BACKSLASH) return -1;
    if (width === 2) target[at++] = 0;
    target[at++] = byte;
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

/** Characters from which the runtime converts a text faster than a loop. */
const LONG_TEXT = 64;
const QUESTION_MARK = 0x3f;
const LOWER_T = 0x74;
const LETTER_T = 0x54;
const LETTER_F = 0x46;
const MINUS = 0x2d;
const DIGIT_0 = 0x30;

/** Returns the number of elements of `4`; null for `*` and `64*`. */
function fixedSize(arraysize: string): number | null {
  return /^\d+$/.test(arraysize) ? Number(arraysize) : null;
}
