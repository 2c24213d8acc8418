import { ColumnName, Identifier } from '../grammar/ast';
import { Fault, quoted } from '../grammar/fault';
import { isNamed, nearestName, pathMatches, pathText } from './names';
import { Value } from './value';

/** A column that a query may name. */
export interface NamedColumn {
  name: string;
  hidden: boolean;
  /** Compiles a reference to it; notes that its table needs a join, if it does. */
  value(at: number): Value;
}

/** A table, derived table or common table of FROM. */
export interface Source {
  /** The alias, or schema and name. */
  name: readonly string[];
  columns: readonly NamedColumn[];
}

/** What the query expression and its FROM offer to names. */
export interface Tables {
  sources: readonly Source[];
  /** In the order of `*`; columns that USING or NATURAL merge are one. */
  columns: readonly NamedColumn[];
}

/** What names in a clause mean. */
export class Scope {
  /** Whether aggregate functions may be called, or an argument of one is compiled. */
  aggregates: 'forbidden' | 'allowed' | 'argument' = 'forbidden';
  hasAggregate = false;
  /** Output columns that GROUP BY and ORDER BY may name. */
  outputs: readonly NamedColumn[] = [];

  constructor(
    readonly tables: Tables,
    /** Of the query around it, for correlated subqueries. */
    readonly outer: Scope | undefined,
  ) {}

  /**
   * Compiles a column reference.
   * @throws {Fault}
   */
  column({ path, at }: ColumnName): Value {
    const found = this.find(path, at);
    if (found) return found.value(at);
    const name = path[path.length - 1]?.name ?? '';
    const nearest = nearestName(name, this.allNames());
    throw new Fault(`unknown column ${quoted(pathText(path))}`, at, { ...(nearest !== undefined && { nearest }) });
  }

  /** Returns where a column is found: in FROM, as an output column, or in a query around this one. */
  origin({ path, at }: ColumnName): 'table' | 'output' | 'outer' {
    const found = this.findHere(path, at);
    if (found === undefined) return 'outer';
    return this.outputs.includes(found) ? 'output' : 'table';
  }

  private find(path: readonly Identifier[], at: number): NamedColumn | undefined {
    return this.findHere(path, at) ?? this.outer?.find(path, at);
  }

  private findHere(path: readonly Identifier[], at: number): NamedColumn | undefined {
    const [name] = path.slice(-1);
    if (name === undefined) return undefined;
    if (path.length > 1) {
      const source = this.source(path.slice(0, -1), at);
      if (source === undefined) return undefined;
      const column = source.columns.find((candidate) => isNamed(name, candidate.name));
      if (column) return column;
      const nearest = nearestName(
        name.name,
        source.columns.map((candidate) => candidate.name),
      );
      throw new Fault(`${quoted(pathText(path.slice(0, -1)))} has no column ${quoted(name.name)}`, name.at, {
        ...(nearest !== undefined && { nearest }),
      });
    }
    const found = this.tables.columns.filter((candidate) => isNamed(name, candidate.name));
    const visible = found.filter(({ hidden }) => !hidden);
    const matches = visible.length > 0 ? visible : found;
    if (matches.length > 1) {
      throw new Fault(`the column ${quoted(name.name)} is in several tables`, at, {
        expected: ['the name of a table and "." before it'],
      });
    }
    return matches[0] ?? this.outputs.find((output) => isNamed(name, output.name));
  }

  /** Returns the source that a path names; undefined if there is none. @throws {Fault} if several are */
  source(path: readonly Identifier[], at: number): Source | undefined {
    const found = this.tables.sources.filter(({ name }) => pathMatches(path, name));
    if (found.length > 1) {
      throw new Fault(`${quoted(pathText(path))} names several tables of FROM`, at, { expected: ['an alias'] });
    }
    return found[0];
  }

  private *allNames(): Generator<string> {
    for (const { name, hidden } of this.tables.columns) if (!hidden) yield name;
    for (const { name } of this.tables.sources) yield name.join('.');
    if (this.outer) yield* this.outer.allNames();
  }
}
