/** The VOTable types of a column (VOTable 1.4, 2.1). */
export type Datatype = 'boolean' | 'short' | 'int' | 'long' | 'float' | 'double' | 'char' | 'unicodeChar';

/** A column of a result. */
export interface Field {
  readonly name: string;
  readonly datatype: Datatype;
  /** `*`: text of any length; `64*`: up to 64 characters; `4`: exactly 4; absent: one value. */
  readonly arraysize?: string | undefined;
  readonly id?: string | undefined;
  readonly unit?: string | undefined;
  readonly ucd?: string | undefined;
  readonly utype?: string | undefined;
  readonly xtype?: string | undefined;
  readonly description?: string | undefined;
}

/** A value in the text form of PostgreSQL, such as `t`, `42`, `NaN`, `2015-12-05 00:00:00`; null when there is none. */
export type Cell = string | null;
export type Row = readonly Cell[];

/** Returns whether the values of a field are text. */
export function isText({ datatype }: Field): boolean {
  return datatype === 'char' || datatype === 'unicodeChar';
}

/** How a result ended: complete, cut at the limit of rows, or interrupted by a fault. */
export type Ending = { status: 'OK' } | { status: 'OVERFLOW' } | { status: 'ERROR'; message: string };
