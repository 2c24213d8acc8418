import type { SchemaElement } from 'hyparquet';
import { type Field, isText } from '../field';
import { isoTime, isTime } from '../time';

/** How a column of a result is written. */
export interface ParquetColumn {
  readonly name: string;
  readonly schema: readonly SchemaElement[];
  /** Returns the value of a cell as the writer takes it. */
  readonly value: (cell: string) => unknown;
}

type Type = Omit<SchemaElement, 'name'>;

const TYPES: Record<string, Type> = {
  boolean: { type: 'BOOLEAN' },
  short: { type: 'INT32', converted_type: 'INT_16' },
  int: { type: 'INT32' },
  long: { type: 'INT64' },
  float: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
};
const STRING: Type = { type: 'BYTE_ARRAY', converted_type: 'UTF8' };

export function parquetColumn(field: Field, name: string): ParquetColumn {
  const { datatype, arraysize } = field;
  if (isText(field)) {
    const schema: SchemaElement[] = [{ name, repetition_type: 'OPTIONAL', ...STRING }];
    return { name, schema, value: isTime(field) ? isoTime : (cell) => cell };
  }
  const type = TYPES[datatype] ?? STRING;
  const one = valueOf(datatype);
  if (arraysize === undefined || arraysize === '1') {
    return { name, schema: [{ name, repetition_type: 'OPTIONAL', ...type }], value: one };
  }
  const schema: SchemaElement[] = [
    { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'OPTIONAL', ...type },
  ];
  return { name, schema, value: (cell) => cell.split(' ').map(one) };
}

function valueOf(datatype: string): (cell: string) => unknown {
  if (datatype === 'boolean') return (cell) => cell === 't';
  return datatype === 'long' ? BigInt : Number;
}
