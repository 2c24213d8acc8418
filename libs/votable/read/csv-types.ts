import { arrayShape, type TableField } from './table-field';

/** What all values of a column are. */
export type GuessedType = 'int' | 'long' | 'double' | 'boolean' | 'timestamp' | 'text';

/** A leading zero means that it is a name, not a number. */
const INTEGER = /^[+-]?(?:0|[1-9]\d{0,18})$/;
const NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,4})?$/i;
const SPECIAL = /^(?:nan|[+-]?inf(?:inity)?)$/i;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z?)?$/;
const INT = 2 ** 31;
const LONG = 2n ** 63n;

/** Finds the narrowest type that all values of a column have. An empty value has every type. */
export class TypeGuess {
  private possible: GuessedType[] = ['int', 'long', 'double', 'boolean', 'timestamp'];
  private isEmpty = true;

  add(cell: string): void {
    if (this.possible.length === 0) return;
    const value = cell.trim();
    if (value === '') return;
    this.isEmpty = false;
    this.possible = this.possible.filter((type) => isOf(type, value));
  }

  type(): GuessedType {
    return this.isEmpty ? 'text' : (this.possible[0] ?? 'text');
  }
}

function isOf(type: GuessedType, value: string): boolean {
  switch (type) {
    case 'int':
      return INTEGER.test(value) && Number(value) >= -INT && Number(value) < INT;
    case 'long':
      return INTEGER.test(value) && isLong(BigInt(value.replace('+', '')));
    case 'double':
      return (NUMBER.test(value) && Number.isFinite(Number(value))) || SPECIAL.test(value);
    case 'boolean':
      return /^(?:true|false)$/i.test(value);
    case 'timestamp':
      return TIMESTAMP.test(value);
    case 'text':
      return true;
  }
}

function isLong(number: bigint): boolean {
  return number >= -LONG && number < LONG;
}

/** Returns the field of a column of this type. */
export function guessedField(name: string, type: GuessedType): TableField {
  if (type === 'text' || type === 'timestamp') {
    const datatype = type === 'text' ? 'unicodeChar' : 'char';
    const shape = arrayShape('*', datatype, name);
    return { name, datatype, arraysize: '*', shape, ...(type === 'timestamp' && { xtype: 'timestamp' }) };
  }
  return { name, datatype: type, shape: arrayShape(undefined, type, name) };
}
