import { TableError } from './table.error';

/** Every type of VOTable (VOTable 1.4, 2.1). */
export type TableDatatype =
  | 'boolean'
  | 'bit'
  | 'unsignedByte'
  | 'short'
  | 'int'
  | 'long'
  | 'char'
  | 'unicodeChar'
  | 'float'
  | 'double'
  | 'floatComplex'
  | 'doubleComplex';

/** How many values a cell has. A scalar has one. */
export interface ArrayShape {
  readonly isScalar: boolean;
  /** The number of values; null when it differs from cell to cell. */
  readonly fixed: number | null;
  /** Values at most. */
  readonly most: number;
  /** The number of values is a multiple of this. */
  readonly step: number;
}

/** A column of a table that is read. */
export interface TableField {
  readonly name: string;
  readonly datatype: TableDatatype;
  readonly shape: ArrayShape;
  readonly arraysize?: string | undefined;
  readonly xtype?: string | undefined;
  readonly unit?: string | undefined;
  readonly ucd?: string | undefined;
  readonly utype?: string | undefined;
  readonly description?: string | undefined;
  /** The value that means that there is none (VALUES null). */
  readonly missing?: string | undefined;
}

/** Values, or characters, of a cell at most. */
export const MOST_VALUES = 1_000_000;
/** Columns of a table at most. */
export const MOST_FIELDS = 1000;

const DATATYPES: ReadonlySet<string> = new Set<TableDatatype>([
  'boolean',
  'bit',
  'unsignedByte',
  'short',
  'int',
  'long',
  'char',
  'unicodeChar',
  'float',
  'double',
  'floatComplex',
  'doubleComplex',
]);
const SCALAR: ArrayShape = { isScalar: true, fixed: 1, most: 1, step: 1 };

/** @throws TableError */
export function datatypeNamed(name: string | undefined, field: string): TableDatatype {
  if (name !== undefined && DATATYPES.has(name)) return name as TableDatatype;
  const found = name === undefined ? 'no datatype' : `the datatype '${name}'`;
  throw new TableError(`FIELD ${field} has ${found}; expected ${[...DATATYPES].join(', ')} (VOTable 1.4, 2.1)`);
}

/**
 * Reads `arraysize`: `3`, `*`, `64*`, `2x3`, `2x*` (VOTable 1.4, 2.2). Many tables write `1` for a scalar.
 * @throws TableError
 */
export function arrayShape(arraysize: string | undefined, datatype: TableDatatype, field: string): ArrayShape {
  const text = arraysize?.replace(/\s/g, '') ?? '';
  if (text === '' || (text === '1' && datatype !== 'char' && datatype !== 'unicodeChar')) return SCALAR;
  const wrong = (what: string): TableError =>
    new TableError(`FIELD ${field} has arraysize '${arraysize}'${what} (VOTable 1.4, 2.2)`);
  if (!/^(?:\d{1,9}x){0,7}(?:\d{1,9}\*?|\*)$/.test(text))
    throw wrong('; expected a form such as 3, *, 64*, 2x3 or 2x*');
  const sizes = text.split('x');
  const last = sizes[sizes.length - 1] ?? '';
  const step = sizes.slice(0, -1).reduce((product, size) => product * Number(size), 1);
  const most = last === '*' ? MOST_VALUES : step * Number.parseInt(last, 10);
  if (most > MOST_VALUES || step > MOST_VALUES) throw wrong(`; expected at most ${MOST_VALUES} values`);
  if (step === 0) throw wrong('; expected positive sizes');
  return { isScalar: false, fixed: last.endsWith('*') ? null : most, most, step };
}

/** @throws TableError when a cell has another number of values than its column allows */
export function checkCount(count: number, { fixed, most, step }: ArrayShape): void {
  if (fixed !== null && count !== fixed) throw new TableError(`${count} values; expected ${fixed}, its arraysize`);
  if (count > most) throw new TableError(`${count} values; expected at most ${most}, its arraysize`);
  if (count % step !== 0) throw new TableError(`${count} values; expected a multiple of ${step}, its arraysize`);
}
