/**
 * What a query may name, and how the database stores it. Everything in SQL comes from here or from this library; no
 * word of a query is ever copied into SQL.
 */

/** The types of ADQL 2.1 (§3), and what the database holds for each. */
export type AdqlType =
  | 'BOOLEAN' // boolean
  | 'SMALLINT' // smallint
  | 'INTEGER' // integer
  | 'BIGINT' // bigint
  | 'REAL' // real
  | 'DOUBLE' // double precision
  | 'CHAR' // text
  | 'VARCHAR' // text
  | 'CLOB' // text
  | 'TIMESTAMP' // timestamp without time zone, in UTC
  | 'POINT' // double precision[]: longitude, latitude, in degrees
  | 'CIRCLE' // double precision[]: longitude, latitude, radius
  | 'POLYGON' // double precision[]: longitude, latitude of each vertex
  | 'REGION'; // text (STC-S); with `region`, searched by its index

/** What VOTable says of a column; each is as TAP_SCHEMA has it. */
export interface ColumnMetadata {
  name: string;
  type: AdqlType;
  /** VOTable's datatype, where it is not the one of `type`: `unicodeChar`, for example. */
  datatype?: string;
  arraysize?: string;
  xtype?: string;
  unit?: string;
  ucd?: string;
  utype?: string;
  description?: string;
}

export interface Column extends ColumnMetadata {
  /**
   * SQL of the value, in which `{}` is the SQL alias of the table, or of the table of `join`. Without it, the SQL column
   * has the name of this column in lower case.
   * @example 'CASE WHEN {}.release < now() THEN \'Public\' ELSE \'Proprietary\' END'
   */
  sql?: string;
  /** The key in `Table.joins` of the table that the value is stored in. */
  join?: string;
  /** True for an alias that clients use by mistake (`pvw`, `pub_year`): it can be named, but is not part of `*`. */
  hidden?: boolean;
  /** Where the parts of an indexed REGION are stored. */
  region?: RegionColumns;
}

/** SQL columns, in the same table, that `footprintOf` gives the values of. */
export interface RegionColumns {
  /** box, with a GiST index: right ascension and declination in degrees. */
  box: string;
  /** double precision: unit vector to the centre of the bounding circle. */
  x: string;
  y: string;
  z: string;
  /** double precision: radius of the bounding circle, in radians. */
  radius: string;
  /** double precision[]: the exact shape. */
  shape: string;
}

/** Two columns that are a position. */
export interface Position {
  /** Names of columns of the table, in degrees. */
  longitude: string;
  latitude: string;
  /** SQL column of type point (longitude in 0..360, latitude), with a GiST index. */
  point: string;
}

/** Two columns that are the ends of an interval. */
export interface Interval {
  /** Names of columns of the table. */
  low: string;
  high: string;
  /** SQL column of a range type over double precision, with a GiST index: `[low, high]`. */
  range: string;
  /** SQL name of the range type's constructor, with its schema. */
  constructor: string;
}

/** A table that is joined only if a query names one of its columns. At most one of its rows matches. */
export interface Join {
  /** SQL name, with its schema. */
  table: string;
  /** SQL condition, in which `{}` is the alias of this table and `{base}` that of the table it is joined to. */
  on: string;
}

export interface Table {
  /** As TAP_SCHEMA has it: `ivoa.obscore`, `TAP_UPLOAD.mine`. */
  name: string;
  /** SQL name, with its schema; quoted if it has to be. */
  sql: string;
  description?: string;
  /** In the order of `*`. */
  columns: readonly Column[];
  joins?: Readonly<Record<string, Join>>;
  positions?: readonly Position[];
  intervals?: readonly Interval[];
}

export interface Schema {
  tables: readonly Table[];
  /** SQL schema that `functions.sql` is installed in. */
  functions: string;
}

/** A column of the result. */
export interface OutputColumn extends ColumnMetadata {
  /** VOTable's datatype. */
  datatype: string;
}

export interface TranslateOptions {
  /** Tables of the upload schema (`TAP_UPLOAD.name`), for this query only. */
  uploads?: readonly Table[];
  /** The SQL returns at most this many rows, and one more if there are more: the caller reports an overflow. */
  maxRows?: number;
}

export interface Translation {
  /**
   * One SELECT without parameters (COPY takes none) and without a semicolon at the end; literals are printed by type
   * and escaped. It is valid with any search_path. Values are as `AdqlType` says, except: TIMESTAMP is text
   * (`2024-01-31T12:00:00.000`), POINT, CIRCLE and POLYGON are text (numbers separated by spaces, as DALI 1.1 §3.3
   * serialises them), REGION is text (STC-S).
   */
  sql: string;
  /** In the order of the columns of the SQL. */
  columns: OutputColumn[];
  /** The number of rows after TOP, if the query has TOP: that many rows are no overflow. */
  top?: number;
  /**
   * True if the SQL uses an index of the sky. PostgreSQL underestimates the selectivity of `&&` on boxes: run it with
   * enable_seqscan, enable_hashjoin and enable_mergejoin off.
   */
  usesSkyIndex: boolean;
}
