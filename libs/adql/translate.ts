import { compileCondition } from './compile/condition';
import { Context } from './compile/context';
import { compileValue } from './compile/expression';
import { isNamed } from './compile/names';
import { outputColumn, resultSql } from './compile/output';
import { compileQuery } from './compile/query';
import { Fault, quoted, withPlaces } from './grammar/fault';
import { readQuery } from './grammar/parse';
import { Schema, TranslateOptions, Translation } from './schema';

/**
 * Translates a query of ADQL 2.1 to SQL for PostgreSQL.
 * @throws {AdqlError} for a query that is not ADQL, that the schema does not allow, or that exceeds a limit
 */
export function translate(query: string, schema: Schema, options: TranslateOptions = {}): Translation {
  return withPlaces(query, () => translateQuery(query, schema, options));
}

function translateQuery(text: string, schema: Schema, { uploads = [], maxRows }: TranslateOptions): Translation {
  const query = readQuery(text);
  const context = new Context(schema, uploads, {
    value: compileValue,
    condition: compileCondition,
    query: compileQuery,
  });
  const declarations = query.with.map(({ name, query: common }) => {
    if (context.commonTables.some((other) => isNamed(name, other.name.name))) {
      throw new Fault(`WITH declares ${quoted(name.name)} twice`, name.at);
    }
    const { sql, items } = context.query(common, undefined, 'table');
    const alias = context.alias('w');
    context.commonTables.push({ name, sql: alias, items });
    return `${alias} AS (${sql})`;
  });
  const main = context.query(query.main, undefined, 'client', maxRows);
  const columns = main.items.map(outputColumn);
  const wanted = main.items.flatMap((item) => item.sql.map(([alias]) => [alias, resultSql(item, `q.${alias}`)]));
  const converts = wanted.some(([alias, sql]) => sql !== `q.${alias}`);
  const list = wanted.map(([alias, sql]) => `${sql} AS ${alias}`).join(', ');
  // The query inside has the order and the limit: nothing around it may change them.
  const body = converts ? `SELECT ${list} FROM (${main.sql}) AS q` : main.sql;
  const sql = declarations.length === 0 ? body : `WITH ${declarations.join(', ')} ${body}`;
  return { sql, columns, ...(main.top !== undefined && { top: main.top }), usesSkyIndex: context.usesSkyIndex };
}
