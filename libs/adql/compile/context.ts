import { Expression, Identifier, QueryExpression } from '../grammar/ast';
import { Schema, Table } from '../schema';
import { Scope } from './scope';
import { CompiledQuery, Condition, OutputItem, Reader, Value } from './value';

/** The three compilers, which call each other through the context. Each throws `Fault`. */
export interface Compilers {
  /** Resolves the names of a value, checks its types and prints its SQL. */
  value(expression: Expression, scope: Scope, context: Context): Value;
  condition(expression: Expression, scope: Scope, context: Context): Condition;
  /** @param maxRows the client's own limit, beside TOP */
  query(
    query: QueryExpression,
    outer: Scope | undefined,
    context: Context,
    reader: Reader,
    maxRows?: number,
  ): CompiledQuery;
}

/** What one translation knows and finds out. */
export class Context {
  /** True if the SQL uses an index of the sky. */
  usesSkyIndex = false;
  /** Tables of WITH that are compiled. */
  readonly commonTables: { name: Identifier; sql: string; items: OutputItem[] }[] = [];
  readonly tables: readonly Table[];
  private readonly aliases = new Map<string, number>();

  constructor(
    readonly schema: Schema,
    uploads: readonly Table[],
    private readonly compilers: Compilers,
  ) {
    this.tables = [...schema.tables, ...uploads];
  }

  /** Returns a new alias: names in SQL are all ours. */
  alias(prefix: 't' | 'w'): string {
    const number = (this.aliases.get(prefix) ?? 0) + 1;
    this.aliases.set(prefix, number);
    return `${prefix}${number}`;
  }

  /** SQL of a call of a function of `functionsSql`. */
  call(name: string, ...args: readonly string[]): string {
    return `${this.schema.functions}.${name}(${args.join(', ')})`;
  }

  value(expression: Expression, scope: Scope): Value {
    return this.compilers.value(expression, scope, this);
  }

  condition(expression: Expression, scope: Scope): Condition {
    return this.compilers.condition(expression, scope, this);
  }

  query(query: QueryExpression, outer: Scope | undefined, reader: Reader, maxRows?: number): CompiledQuery {
    return this.compilers.query(query, outer, this, reader, maxRows);
  }
}
