import { type Field, formatNamed, type Row, rowsOf as rowsIn } from '@almagest/votable';
import { type DataSource } from 'typeorm';
import { z } from 'zod';
import { QueryRunner } from '../../../apps/search/queries/query-runner';
import { SCHEMAS } from '../../../apps/search/schema/tables';
import { TapSchemaRepository } from '../../../apps/search/schema/tap-schema.repository';
import { SearchConfig, searchVariables } from '../../../apps/search/search.config';
import { quiet, TestDatabase } from '../../harness/test-database';
import { waitFor } from '../../harness/wait-for';

const LIMITS = {
  ...z.object(searchVariables).parse({}),
  TAP_QUERIES: 2,
  TAP_WORK_MEMORY_MB: 4,
  TAP_TEMPORARY_MB: 1,
};
const never = new AbortController().signal;

describe('queries', () => {
  let db: TestDatabase;
  let source: DataSource;
  let runner: QueryRunner;

  beforeAll(async () => {
    db = await TestDatabase.create();
    source = await db.open('search');
    runner = new QueryRunner(db.url, new SearchConfig(LIMITS, 'http://archive.example'), source, quiet);
  });
  afterAll(async () => {
    await runner.onApplicationShutdown();
    await db.drop();
  });

  async function rowsOf(sql: string, seconds = 60, signal = never): Promise<unknown[]> {
    const all: unknown[] = [];
    for await (const batch of runner.rows({ sql, usesSkyIndex: false }, seconds, signal)) all.push(...rowsIn(batch));
    return all;
  }

  it('return every row, in order, as text', async () => {
    const rows = await rowsOf('SELECT n, n = 1, NULL FROM generate_series(1, 1000) AS n ORDER BY n');
    expect(rows).toHaveLength(1000);
    expect(rows[0]).toEqual(['1', 't', null]);
    expect(rows[999]).toEqual(['1000', 'f', null]);
    expect(await rowsOf(`SELECT current_setting('search.public_url'), current_user`)).toEqual([
      ['http://archive.example', 'almagest_search'],
    ]);
  });

  it('return the same values in the binary form, whatever type the database has for them', async () => {
    const fields: Field[] = [
      { name: 'i', datatype: 'int' },
      { name: 'l', datatype: 'long' },
      { name: 's', datatype: 'short' },
      { name: 'd', datatype: 'double' },
      { name: 'f', datatype: 'float' },
      { name: 'b', datatype: 'boolean' },
      { name: 't', datatype: 'unicodeChar', arraysize: '*' },
      { name: 'at', datatype: 'char', arraysize: '*', xtype: 'timestamp' },
      { name: 'p', datatype: 'double', arraysize: '2', xtype: 'point' },
    ];
    const sql = `SELECT n, n * 4000000000, n::bigint, CASE n WHEN 7 THEN 'NaN' ELSE n / 8.0 END, n / 4.0, n % 2 = 0,
        'Kühne \t' || repeat('x', n), timestamp '2015-12-05' + n * interval '1.5 s', n || ' -1.5'
        FROM generate_series(1, 300) AS n WHERE n <> 5
      UNION ALL SELECT NULL, NULL, NULL, 'Infinity', NULL, NULL, NULL, NULL, NULL`;
    const form = formatNamed('votable/b2')?.encoder(fields).form;
    if (form === undefined) throw new Error('no format');
    const pieces: Buffer[] = [];
    let count = 0;
    for await (const batch of runner.rows({ sql, usesSkyIndex: false }, 60, never, form)) {
      pieces.push(Buffer.from(batch.bytes));
      count += batch.count;
    }
    const rows = (await rowsOf(sql)) as Row[];
    expect([count, rows.length]).toEqual([300, 300]);
    expect(Buffer.concat(pieces).equals(form.batchOf(rows).bytes)).toBe(true);
    const none = runner.rows({ sql: `${sql} LIMIT 0`, usesSkyIndex: false }, 60, never, form);
    expect((await none.next()).done).toBe(true);
  });

  it.each([
    ['another schema', 'SELECT * FROM catalogue.delivery', 'permission denied'],
    ['the files of proprietary deliveries', 'SELECT * FROM search.file', 'permission denied'],
    ['the passwords of the server', 'SELECT * FROM pg_authid', 'permission denied'],
    ['a file of the server', `SELECT pg_read_file('/etc/passwd')`, 'permission denied'],
  ])('cannot read %s', async (_what, sql, message) => {
    await expect(rowsOf(sql)).rejects.toThrow(message);
  });

  it('cannot write, and take neither more time nor more disk than allowed', async () => {
    await expect(rowsOf('SELECT * FROM search.change FOR UPDATE')).rejects.toThrow(/permission denied|read-only/);
    await expect(rowsOf('SELECT pg_sleep(30)', 1)).rejects.toMatchObject({ code: 'search.query-too-expensive' });
    const large = 'SELECT n FROM generate_series(1, 1000000) AS n ORDER BY md5(n::text)';
    await expect(rowsOf(large)).rejects.toMatchObject({ code: 'search.query-too-expensive' });
    await expect(rowsOf('SELECT 1 / (n - 5) FROM generate_series(1, 9) AS n')).rejects.toMatchObject({
      code: 'search.query-fails',
    });
    expect(await rowsOf('SELECT 1')).toEqual([['1']]);
  });

  it('end in the database when the client goes, and their connection is usable or closed', async () => {
    const gone = new AbortController();
    const running = (): Promise<unknown[]> =>
      db.rows(`SELECT 1 FROM pg_stat_activity WHERE query LIKE 'BEGIN%pg_sleep%' AND state = 'active'`);
    const query = rowsOf('SELECT pg_sleep(3600)', 3600, gone.signal);
    await waitFor('the query to run', async () => (await running()).length > 0);
    gone.abort(new Error('the client has gone'));
    await expect(query).rejects.toThrow('the client has gone');
    await waitFor('the query to end', async () => (await running()).length === 0);
    const some = runner.rows({ sql: 'SELECT generate_series(1, 100000)', usesSkyIndex: false }, 60, never);
    await some.next();
    await some.return(undefined);
    expect(await rowsOf('SELECT 1')).toEqual([['1']]);
  });

  it('wait for a client that reads slowly, however long it takes, and end with the fault that comes late', async () => {
    const sql = `SELECT repeat('x', 1000), 1 / (100000 - n) FROM generate_series(1, 100000) AS n`;
    const rows = runner.rows({ sql, usesSkyIndex: false }, 1, never);
    const first = await rows.next();
    if (first.done === true) throw new Error('the query had no rows');
    await waitFor('the database to wait for longer than the limit', async () => {
      const waiting = await db.rows(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'almagest-search-queries'
            AND wait_event = 'ClientWrite' AND query_start < clock_timestamp() - interval '1500 ms'`,
      );
      return waiting.length > 0;
    });
    let count = first.value.count;
    const rest = async (): Promise<void> => {
      for await (const batch of rows) count += batch.count;
    };
    await expect(rest()).rejects.toMatchObject({ code: 'search.query-fails' });
    expect(count).toBeGreaterThan(99_000);
    expect(await rowsOf('SELECT 1')).toEqual([['1']]);
  });

  it('can name every described column, which has the described type', async () => {
    await new TapSchemaRepository(source).onModuleInit();
    const types: Record<string, string> = {
      INTEGER: 'integer',
      BIGINT: 'bigint',
      DOUBLE: 'double precision',
      REAL: 'real',
      TIMESTAMP: 'timestamp without time zone',
    };
    for (const { name, sql, columns, joins = {} } of SCHEMAS.flatMap(({ tables }) => tables)) {
      const from = Object.entries(joins).map(
        ([alias, { table, on }]) =>
          ` LEFT JOIN ${table} AS ${alias} ON ${on.replace('{}', alias).replace('{base}', 'base')}`,
      );
      const selected = columns.map(({ name: column, sql: expression, join }) => {
        const value = (expression ?? `{}."${column.toLowerCase()}"`).replaceAll('{}', join ?? 'base');
        return `pg_typeof(${value})`;
      });
      // The row of an outer join has every type, also of an empty table.
      const statement = `SELECT ${selected.join(', ')} FROM (SELECT) AS one LEFT JOIN ${sql} AS base ON false ${from.join('')}`;
      const [row] = (await rowsOf(statement)) as string[][];
      expect([name, row]).toEqual([name, columns.map(({ type }) => types[type] ?? 'text')]);
    }
    expect(await rowsOf('SELECT count(*) FROM search.tap_columns')).toEqual([[expect.stringMatching(/^1[0-9]{2}$/)]]);
  });
});
