import type { Cell } from '../field';
import { TableError } from './table.error';
import { checkCount, type TableField } from './table-field';

/** Reads the text of a cell of TABLEDATA. @throws TableError */
export type CellReader = (text: string) => Cell;

const INTEGER = /^[+-]?\d{1,20}$/;
const HEXADECIMAL = /^0x[0-9a-f]{1,16}$/i;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,5})?$/i;
const RANGES: Record<string, readonly [bigint, bigint]> = {
  bit: [0n, 1n],
  unsignedByte: [0n, 255n],
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
};
const BOOLEANS: Record<string, Cell> = { t: 't', true: 't', '1': 't', f: 'f', false: 'f', '0': 'f', '?': null };

/**
 * Returns the reader of the cells of a column. Scalars become the text form of PostgreSQL, arrays numbers separated by
 * blanks. An empty cell, the null value of the column and NaN are no value.
 */
export function cellReader(field: TableField): CellReader {
  const { datatype, shape } = field;
  if (datatype === 'char' || datatype === 'unicodeChar') return textReader(field);
  const one = valueReader(datatype);
  const isComplex = datatype.endsWith('Complex');
  if (shape.isScalar && !isComplex) {
    const missing = field.missing === undefined ? null : one(field.missing.trim());
    return (text) => {
      const value = text.trim();
      const cell = value === '' ? null : one(value);
      return cell === missing || cell === 'NaN' ? null : cell;
    };
  }
  return (text) => {
    const words = text.trim() === '' ? [] : text.trim().split(/\s+/);
    if (words.length === 0) return null;
    checkCount(isComplex ? words.length / 2 : words.length, shape);
    return words.map((word) => one(word) ?? '?').join(' ');
  };
}

function textReader({ shape, missing }: TableField): CellReader {
  return (text) => {
    if (text === '' || text === missing) return null;
    if (text.length > shape.most) {
      throw new TableError(`${text.length} characters; expected at most ${shape.most}, its arraysize`);
    }
    return text;
  };
}

function valueReader(datatype: string): CellReader {
  switch (datatype) {
    case 'boolean':
      return (text) => {
        const cell = BOOLEANS[text.toLowerCase()];
        if (cell === undefined) throw new TableError(`'${shortened(text)}'; expected T, F or ?`);
        return cell;
      };
    case 'float':
    case 'floatComplex':
      return (text) => floatText(text, Math.fround);
    case 'double':
    case 'doubleComplex':
      return (text) => floatText(text, (number) => number);
    default:
      return integerReader(datatype);
  }
}

function integerReader(datatype: string): CellReader {
  const [least, most] = RANGES[datatype] ?? [0n, 0n];
  return (text) => {
    if (!INTEGER.test(text) && !HEXADECIMAL.test(text)) {
      throw new TableError(`'${shortened(text)}' is no whole number (${datatype})`);
    }
    const number = BigInt(text.startsWith('+') ? text.slice(1) : text);
    if (number < least || number > most) throw new TableError(`${text} is outside the range of ${datatype}`);
    return number.toString();
  };
}

function floatText(text: string, rounded: (number: number) => number): Cell {
  if (NUMBER.test(text)) {
    const number = rounded(Number(text));
    if (!Number.isFinite(number)) throw new TableError(`${shortened(text)} is too large for a floating-point number`);
    return String(number);
  }
  if (/^nan$/i.test(text)) return 'NaN';
  if (/^[+]?inf(?:inity)?$/i.test(text)) return 'Infinity';
  if (/^-inf(?:inity)?$/i.test(text)) return '-Infinity';
  throw new TableError(`'${shortened(text)}' is no number`);
}

/** Returns a text as messages show it. */
export function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
