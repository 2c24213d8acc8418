/** The tree of a query. `at` is the offset in the text where a node begins. */

export interface Identifier {
  name: string;
  /** True if it was written in double quotes: then case matters (§2.1.6). */
  delimited: boolean;
  at: number;
}

interface Node {
  at: number;
}

/** `A`, `T.A`, `S.T.A` or `C.S.T.A`, outermost first. */
export interface ColumnName extends Node {
  kind: 'column';
  path: Identifier[];
}
export interface NumberLiteral extends Node {
  kind: 'number';
  /** Matches `digits[.digits][E[sign]digits]`, or begins with the point. */
  text: string;
}
export interface StringLiteral extends Node {
  kind: 'string';
  value: string;
}
export interface NullLiteral extends Node {
  kind: 'null';
}
/** A function of the standard, an aggregate or a user-defined function. */
export interface Call extends Node {
  kind: 'call';
  /** In upper case. */
  name: string;
  args: Expression[];
  /** `COUNT(*)`. */
  star?: boolean;
  quantifier?: 'DISTINCT' | 'ALL';
}
export interface Cast extends Node {
  kind: 'cast';
  value: Expression;
  target: CastTarget;
}
export interface CastTarget {
  type: 'SMALLINT' | 'INTEGER' | 'BIGINT' | 'REAL' | 'DOUBLE' | 'CHAR' | 'VARCHAR' | 'TIMESTAMP' | GeometryType;
  length?: number;
}
export type GeometryType = 'POINT' | 'CIRCLE' | 'POLYGON';
/** Operators of one precedence, evaluated from left to right. */
export interface Arithmetic extends Node {
  kind: 'arithmetic';
  first: Expression;
  rest: { operator: '+' | '-' | '*' | '/'; value: Expression; at: number }[];
}
export interface Sign extends Node {
  kind: 'sign';
  operator: '+' | '-';
  value: Expression;
}
export interface Concatenation extends Node {
  kind: 'concatenation';
  parts: Expression[];
}
export interface Comparison extends Node {
  kind: 'comparison';
  operator: '=' | '<>' | '<' | '>' | '<=' | '>=';
  left: Expression;
  right: Expression;
}
export interface Between extends Node {
  kind: 'between';
  negated: boolean;
  value: Expression;
  low: Expression;
  high: Expression;
}
export interface In extends Node {
  kind: 'in';
  negated: boolean;
  value: Expression;
  list: Expression[] | QueryExpression;
}
export interface Like extends Node {
  kind: 'like';
  negated: boolean;
  caseSensitive: boolean;
  value: Expression;
  pattern: Expression;
}
export interface IsNull extends Node {
  kind: 'isNull';
  negated: boolean;
  value: Expression;
}
export interface Exists extends Node {
  kind: 'exists';
  query: QueryExpression;
}
export interface Logical extends Node {
  kind: 'and' | 'or';
  terms: Expression[];
}
export interface Not extends Node {
  kind: 'not';
  value: Expression;
}

export type Condition = Comparison | Between | In | Like | IsNull | Exists | Logical | Not;
export type Value =
  ColumnName | NumberLiteral | StringLiteral | NullLiteral | Call | Cast | Arithmetic | Sign | Concatenation;
/** The parser reads both as one, because both may be in parentheses; `checkQuery` separates them. */
export type Expression = Value | Condition;

export interface SelectItem extends Node {
  kind: 'item';
  value: Expression;
  alias?: Identifier;
}
/** `*` (path is empty), `T.*`, `S.T.*`, `C.S.T.*`. */
export interface Star extends Node {
  kind: 'star';
  path: Identifier[];
}

export interface Select extends Node {
  kind: 'select';
  distinct: boolean;
  top?: { count: string; at: number };
  items: (SelectItem | Star)[];
  from: TableReference[];
  where?: Expression;
  groupBy: Expression[];
  having?: Expression;
}

export interface SetOperation extends Node {
  kind: 'set';
  operator: 'UNION' | 'EXCEPT' | 'INTERSECT';
  all: boolean;
  left: SetOperand;
  right: SetOperand;
}
/** An operand in parentheses may be ordered and limited itself. */
export type SetOperand = Select | SetOperation | QueryExpression;

/** `select_expression` of the BNF. */
export interface QueryExpression extends Node {
  kind: 'query';
  body: SetOperand;
  orderBy: { value: Expression; descending: boolean }[];
  offset?: { count: string; at: number };
}

export interface TableName extends Node {
  kind: 'table';
  path: Identifier[];
  alias?: Identifier;
}
export interface DerivedTable extends Node {
  kind: 'derived';
  query: QueryExpression;
  alias: Identifier;
}
export interface Join extends Node {
  kind: 'join';
  natural: boolean;
  type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL';
  /** True if the query has the word INNER. */
  explicit: boolean;
  left: TableReference;
  right: TableReference;
  on?: Expression;
  using?: Identifier[];
}
export type TableReference = TableName | DerivedTable | Join;

/** A whole query: `query_specification` of the BNF. */
export interface Query {
  with: { name: Identifier; query: QueryExpression }[];
  main: QueryExpression;
}
