import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { AdqlError } from '@almagest/adql';
import { DEFAULT_FORMAT, formatNamed } from '@almagest/votable';
import { QueriesService } from '../../../apps/search/queries/queries.service';
import { QueryRunner } from '../../../apps/search/queries/query-runner';
import { TapSchemaRepository } from '../../../apps/search/schema/tap-schema.repository';
import { SearchConfig } from '../../../apps/search/search.config';
import { quiet, TestDatabase } from '../../harness/test-database';
import { LIMITS } from './limits';

const CSV = formatNamed('csv') ?? DEFAULT_FORMAT;
/** The query takes a second for its first row, or is refused. */
const CONFIG = new SearchConfig({ ...LIMITS, TAP_SYNC_SECONDS: 1, TAP_TEMPORARY_MB: 1 }, 'http://archive.example');
const ANY = 'SELECT obs_id FROM ivoa.obscore WHERE';
const many = (piece: string, count: number, between = ''): string => Array<string>(count).fill(piece).join(between);

/** Attempts to read what is not for users: title, query, what the error says. */
const OUTSIDE: readonly [string, string, RegExp][] = [
  ['another schema', 'SELECT * FROM other.secret', /unknown table/],
  ['another schema in quotes', 'SELECT * FROM "other"."secret"', /unknown table/],
  ['a name with a dot in quotes', 'SELECT * FROM "other.secret"', /unknown table/],
  ['a table of the server', 'SELECT * FROM pg_catalog.pg_authid', /unknown table/],
  ['the list of tables', 'SELECT * FROM information_schema.tables', /unknown table/],
  ['a table behind ivoa.obscore', 'SELECT * FROM search.observation', /unknown table/],
  ['the files of proprietary deliveries', 'SELECT * FROM search.file', /unknown table/],
  ['a column behind ivoa.obscore', 'SELECT footprint_box FROM ivoa.obscore', /unknown column/],
  ['a system column', 'SELECT ctid FROM ivoa.obscore', /unknown column/],
  ['a row as a whole', 'SELECT o FROM ivoa.obscore AS o', /unknown column/],
  ['a file of the server', "SELECT pg_read_file('/etc/passwd') FROM ivoa.obscore", /unknown function/],
  ['a setting', "SELECT current_setting('data_directory') FROM ivoa.obscore", /unknown function/],
  ['a query in a text', "SELECT query_to_xml('SELECT 1', 1, 1, '') FROM ivoa.obscore", /unknown function/],
  ['a table by its type', "SELECT CAST('other.secret' AS REGCLASS) FROM ivoa.obscore", /unexpected|type/],
  ['a cast of PostgreSQL', "SELECT 'other.secret'::regclass FROM ivoa.obscore", /not part of ADQL/],
  ['a second statement', 'SELECT 1 AS a; DELETE FROM other.secret', /unexpected/],
  ['a statement that is no SELECT', "COPY other.secret TO PROGRAM 'sh'", /unexpected/],
  ['a comment in the middle', 'SELECT obs_id FROM/**/other.secret', /a comment begins with/],
  ['a conditional comment', 'SELECT 1 /*! UNION SELECT secret FROM other.secret */', /unexpected|not part of ADQL/],
  [
    'a comment over the end',
    "SELECT obs_id FROM ivoa.obscore -- '\nUNION SELECT secret FROM other.secret",
    /unknown table/,
  ],
  [
    'an escaped quote',
    String.raw`${ANY} obs_id = '\' UNION SELECT secret FROM other.secret --'`,
    /unknown table|not closed|unexpected/,
  ],
  ['a text in dollars', `${ANY} obs_id = $$x$$`, /not part of ADQL/],
  ['a text with an escape', String.raw`${ANY} obs_id = E'\047'`, /unexpected|unknown/],
  ['a parameter', `${ANY} obs_id = $1`, /not part of ADQL/],
  ['a quote of a word processor', `${ANY} obs_id = \u2019x\u2019`, /U\+2019 is not part of ADQL/],
  ['a full-width keyword', '\uff33ELECT obs_id FROM ivoa.obscore', /U\+FF33 is not part of ADQL/],
  ['a Cyrillic letter in a name', 'SELECT obs_id FROM ivoa.\u043ebscore', /U\+043E is not part of ADQL/],
  ['a space without width', 'SELECT obs_id FROM other\u200b.secret', /U\+200B is not part of ADQL/],
  ['a NUL in a text', `${ANY} obs_id = 'a\0'`, /U\+0000/],
  ['half of a character', `${ANY} obs_id = '\ud800'`, /surrogate/],
];

/** Attempts to take more than a share: title, query, what the error says. */
const TOO_MUCH: readonly [string, string, RegExp][] = [
  ['parentheses', `${ANY} ${many('(', 5000)}1=1${many(')', 5000)}`, /nested more than/],
  ['queries in queries', `${many('SELECT * FROM (', 100)}ivoa.obscore${many(') AS x', 100)}`, /nested|unexpected/],
  ['negations', `${ANY} ${many('NOT ', 10_000)} 1=1`, /more than|unexpected|nested/],
  ['signs', `SELECT ${many('- ', 10_000)} 1 AS n FROM ivoa.obscore`, /more than|unexpected|nested/],
  ['values of a list', `${ANY} obs_id IN (${many("'x'", 60_000, ',')})`, /values in a list/],
  ['characters', `${ANY} obs_id = '${many('x', 1_100_000)}'`, /characters/],
  ['conditions', `${ANY} ${many('s_ra > 1', 20_000, ' OR ')}`, /conditions in a row/],
  ['set operators', many('SELECT obs_id FROM ivoa.obscore', 500, ' UNION '), /set operators/],
  ['tables', `SELECT 1 AS n FROM ${many('x', 200, ',').replace(/x/g, () => 'ivoa.obscore')}`, /more than|twice|tables/],
  ['columns', `SELECT ${many('s_ra', 20_000, ',')} FROM ivoa.obscore`, /columns/],
  [
    'combinations of rows',
    `SELECT count(*) AS n FROM ${[1, 2, 3, 4, 5].map((n) => `TAP_SCHEMA.columns AS t${n}`).join(', ')}`,
    /no row within 1 s/,
  ],
  [
    'rows to sort',
    `SELECT a.description FROM ${['a', 'b', 'c', 'd'].map((n) => `TAP_SCHEMA.columns AS ${n}`).join(', ')} ORDER BY RAND()`,
    /temporary files|no row within 1 s/,
  ],
  ['a number without end', `${ANY} s_ra < 1e999`, /1e999|range|number/],
  ['a division by zero', 'SELECT 1 / (std - std) AS n FROM TAP_SCHEMA.columns', /division by zero/],
];

/** Strange queries that are correct, and their results. */
const HARMLESS: readonly [string, string, string][] = [
  [
    'a name that looks like a statement',
    `SELECT 1 AS "x"" FROM other.secret; --" FROM TAP_SCHEMA.schemas WHERE 1=0`,
    '"x"" FROM other.secret; --"\r\n',
  ],
  [
    'a text that looks like a statement',
    `SELECT '''; DROP TABLE other.secret; --' AS t FROM TAP_SCHEMA.keys WHERE 1=0`,
    't\r\n',
  ],
  ['a backslash', String.raw`SELECT TOP 1 '\' AS t FROM TAP_SCHEMA.schemas`, 't\r\n\\\r\n'],
  ['a comment with a quote', "SELECT TOP 1 1 AS n -- it's\n FROM TAP_SCHEMA.schemas", 'n\r\n1\r\n'],
];

describe('hostile queries', () => {
  let db: TestDatabase;
  let runner: QueryRunner;
  let queries: QueriesService;

  beforeAll(async () => {
    db = await TestDatabase.create();
    const source = await db.open('search');
    await new TapSchemaRepository(source).onModuleInit();
    await source.query(`CREATE SCHEMA other; CREATE TABLE other.secret AS SELECT 'not for users' AS secret`);
    runner = new QueryRunner(db.url, CONFIG, source, quiet);
    queries = new QueriesService(runner, CONFIG, quiet);
  });
  afterAll(async () => {
    await runner.onApplicationShutdown();
    await db.drop();
  });

  async function answer(adql: string): Promise<string> {
    const query = { adql, format: CSV, maxRows: 100, uploads: [] };
    const result = await queries.start(query, 'test', new AbortController().signal);
    try {
      return await text(Readable.from(result.pieces));
    } finally {
      await result.close();
    }
  }

  it.each(OUTSIDE)('read nothing outside: %s', async (_, adql, message) => {
    const refused = answer(adql);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(AdqlError);
  });

  it.each(TOO_MUCH)('take no more than a share: %s', async (_, adql, message) => {
    await expect(answer(adql)).rejects.toThrow(message);
  });

  it.each(HARMLESS)('are answered when they are correct: %s', async (_, adql, result) => {
    expect(await answer(adql)).toBe(result);
  });

  it('leave the database as it was', async () => {
    expect(await db.rows('SELECT secret FROM other.secret')).toEqual([{ secret: 'not for users' }]);
  });
});
