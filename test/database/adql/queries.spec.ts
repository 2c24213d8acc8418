import { AdqlError, footprintOf, functionsSql, translate } from '@almagest/adql';
import { SCHEMA, TABLES_SQL, UPLOADS } from '../../../libs/adql/testing/schema';
import { TestDatabase } from '../../harness/test-database';
import { RandomQueries } from './random-queries';
import { randomFrom } from './random-sky';

/** Observations: name, RA, Dec, region, wavelengths, level, release, water vapour. */
const ROWS: [string, number, number, string, number, number, number, string, number | null][] = [
  ['A', 10, 20, 'Circle ICRS 10 20 0.1', 0.001, 0.0012, 2, '2020-01-02 03:04:05', 0.5],
  ['B', 0.5, 0, 'Polygon ICRS 0 -1 1 -1 1 1 0 1', 0.002, 0.0025, 2, '2021-01-01', null],
  [
    'C',
    83.8,
    -5.4,
    'Union ICRS (Polygon 83 -6 85 -6 85 -4 83 -4 Not (Polygon 83.5 -5.5 84.5 -5.5 84.5 -4.5 83.5 -4.5))',
    0.003,
    0.0031,
    3,
    '2999-01-01',
    1.25,
  ],
];

describe('translated queries in the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
    await database.pool.query('CREATE SCHEMA sky');
    // Installing the functions again replaces them.
    for (let times = 0; times < 2; times++) await database.pool.query(functionsSql('sky'));
    await database.pool.query(TABLES_SQL);
    await database.pool.query(`INSERT INTO sky.project VALUES ('P', 'Star formation, shown in 100%_detail')`);
    await database.pool.query(`INSERT INTO sky.columns VALUES ('A', 3, 'P'), ('Z', 4, NULL)`);
    await database.pool.query(
      `INSERT INTO sky.mine VALUES ('near', 10.001, 20, '{10,20}', '{9,19,11,19,11,21}', 1), ('far', 200, 0, '{200,0}', NULL, 2)`,
    );
    for (const [id, ra, dec, region, low, high, level, released, pwv] of ROWS) {
      const { box, x, y, z, radius, shape } = footprintOf(region);
      await database.pool.query(
        `INSERT INTO sky.observation VALUES ($1, 'P', $2, $3, point($2, $3), $4, $5, $6, $7, $8, $9, $10, $11, $12,
         sky.float8range($11, $12, '[]'), $13, 'T', $14, $15)`,
        [id, ra, dec, region, box, x, y, z, radius, shape, low, high, level, released, pwv],
      );
    }
  });
  afterAll(() => database.drop());

  /** `undefined` for a query that the library refuses. */
  function sqlOf(query: string): string | undefined {
    try {
      return translate(query, SCHEMA, { uploads: UPLOADS, maxRows: 5 }).sql;
    } catch (error) {
      if (error instanceof AdqlError) return undefined;
      throw error;
    }
  }

  async function rows(query: string): Promise<unknown[][]> {
    const { sql, columns } = translate(query, SCHEMA, { uploads: UPLOADS, maxRows: 100 });
    const result = await database.pool.query<unknown[]>({ text: sql, rowMode: 'array' });
    expect(result.fields).toHaveLength(columns.length);
    return result.rows;
  }

  it.each<[string, unknown[][]]>([
    [
      "SELECT obs_id, released FROM obscore WHERE released > '2020-06' ORDER BY released DESC",
      [
        ['C', '2999-01-01T00:00:00.000'],
        ['B', '2021-01-01T00:00:00.000'],
      ],
    ],
    ["SELECT obs_id FROM obscore WHERE data_rights = 'Proprietary' AND abstract LIKE '%100\\%\\_d%'", [['C']]],
    [
      'SELECT calib_level, COUNT(*), COUNT(pwv), AVG(pwv) FROM obscore GROUP BY calib_level ORDER BY 1',
      [
        [2, '2', '1', 0.5],
        [3, '1', '1', 1.25],
      ],
    ],
    ['SELECT TOP 1 calib_level * 2 AS n FROM obscore GROUP BY n HAVING MAX(s_ra) > 50 ORDER BY n + 1', [[6]]],
    ["SELECT obs_id FROM obscore WHERE 1 = CONTAINS(POINT('ICRS', 84, -5), s_region)", []],
    [
      "SELECT obs_id FROM obscore WHERE 1 = CONTAINS(POINT('', 83, -6), s_region) OR 1 = CONTAINS(POINT(360.5, 0.9), s_region) ORDER BY 1",
      [['B'], ['C']],
    ],
    ['SELECT obs_id FROM obscore WHERE 0 = INTERSECTS(RANGE_S2D(350, 12, -30, 30), s_region)', [['C']]],
    [
      'SELECT o.obs_id, m.name FROM obscore o LEFT JOIN mine m ON DISTANCE(s_ra, s_dec, ra, dec) < 0.01 ORDER BY 1',
      [
        ['A', 'near'],
        ['B', null],
        ['C', null],
      ],
    ],
    [
      'SELECT obs_id FROM obscore, mine WHERE CONTAINS(pos, s_region) = 1 AND 1 = CONTAINS(POINT(s_ra, s_dec), CIRCLE(ra, dec, 1)) AND INTERSECTS(outline, s_region) = 1',
      [['A']],
    ],
    [
      'WITH w AS (SELECT obs_id AS n, s_region AS r FROM obscore) SELECT a.n FROM w AS a JOIN w AS b ON 1 = INTERSECTS(a.r, b.r) ORDER BY n',
      [['A'], ['B'], ['C']],
    ],
    ['SELECT obs_id FROM obscore WHERE em_min <= 0.0011 AND em_max >= 0.0011', [['A']]],
    [
      'SELECT obs_id FROM obscore WHERE 1 = ivo_interval_overlaps(0.0011, 0.0022, em_min, em_max) AND s_dec < 10',
      [['B']],
    ],
    ['SELECT obs_id FROM obscore WHERE 1 = ivo_interval_overlaps(em_min, em_max, 0.0022, 0.0011)', []],
    ['SELECT proposal_id, obs_id, "size" FROM obscore NATURAL JOIN columns ORDER BY obs_id OFFSET 2', [['P', 'C', 3]]],
    [
      'SELECT column_name, obs_id FROM columns FULL JOIN obscore ON column_name = obs_id ORDER BY 1, 2',
      [
        ['A', 'A'],
        ['Z', null],
        [null, 'B'],
        [null, 'C'],
      ],
    ],
    [
      "(SELECT obs_id FROM obscore EXCEPT SELECT column_name FROM columns) UNION ALL SELECT 'B' FROM columns ORDER BY obs_id",
      [['B'], ['B'], ['B'], ['C']],
    ],
    [
      'SELECT name FROM mine WHERE EXISTS (SELECT * FROM obscore WHERE ABS(s_ra - ra) < 1) AND amount IN (SELECT 1 FROM columns)',
      [['near']],
    ],
    [
      'SELECT TOP 1 1/2, 1./2, MOD(7, 4), MOD(-7.5, 4), ROUND(2.5), ROUND(-123.456, -1), TRUNCATE(-1.99, 1), -(-3) FROM columns',
      [[0, 0.5, 3, -3.5, 3, -120, -1.9, 3]],
    ],
    [
      "SELECT TOP 1 CAST('12' AS BIGINT), CAST(1.6 AS INTEGER), CAST(12345 AS VARCHAR(3)), CAST('2020-02-29' AS TIMESTAMP), CAST('1 2' AS POINT), 'a' || 1 FROM columns",
      [['12', 2, '123', '2020-02-29T00:00:00.000', '1 2', 'a1']],
    ],
    [
      "SELECT IN_UNIT(s_ra, 'arcmin'), COALESCE(pwv, -1), NULL, UPPER('ä') FROM obscore WHERE obs_id = 'B'",
      [[30, -1, null, 'ä']],
    ],
    ["SELECT obs_id FROM obscore WHERE obs_id IN ('it''s', 'A\\b') OR obs_id = 'A'", [['A']]],
    [
      "SELECT AREA(CIRCLE(0, 0, 180)) / AREA(POLYGON(0, 0, 90, 0, 0, 90)), COORD1(CENTROID(BOX(5, 6, 1, 2))), COORDSYS(s_region) FROM obscore WHERE obs_id = 'A'",
      [[expect.closeTo(8, 9), expect.closeTo(5, 9), 'ICRS']],
    ],
    [
      "SELECT POINT(s_ra, s_dec), CIRCLE(POINT(s_ra, s_dec), 1), s_region FROM obscore WHERE obs_id = 'A'",
      [['10 20', '10 20 1', 'Circle ICRS 10 20 0.1']],
    ],
    ['SELECT COUNT(*) FROM obscore WHERE 1 = CONTAINS(s_region, CIRCLE(POINT(s_ra, s_dec), 0.1001))', [['1']]],
    ['SELECT s_region, COUNT(*) FROM obscore WHERE s_dec = 20 GROUP BY s_region', [['Circle ICRS 10 20 0.1', '1']]],
    ['SELECT x FROM (SELECT NULL AS x FROM columns) AS q WHERE x = 1 OR x IS NULL', [[null], [null]]],
  ])('%s', async (query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  // The examples of the catalogue of user-defined functions 1.2.
  it.each<[string, unknown]>([
    ['ivo_healpix_index(0, 1, 1)', '4'],
    ['ivo_healpix_index(17, 1, 1)', '81609757711'],
    ["ivo_healpix_index(17, POINT('ICRS', 359, -1))", '73009064944'],
    ['ivo_healpix_center(0, 6)', '180 0'],
    ['COORD1(ivo_healpix_center(17, ivo_healpix_index(17, 23.4, 56.7)))', expect.closeTo(23.399843462947466, 11)],
    [
      'COORD1(ivo_epoch_prop_pos(7.606083572, 11.79044105, 125, 300, -428.8, 52.51, 2016.0, 1992.25))',
      expect.closeTo(7.604061404627978, 11),
    ],
    [
      'COORD2(ivo_epoch_prop_pos(7.606083572, 11.79044105, 125, 300, NULL, NULL, 2016.0, 1875.0))',
      expect.closeTo(11.790440798509207, 11),
    ],
    ["COORD1(ivo_geom_transform('ICRS', 'GALACTIC', POINT(120, -23)))", expect.closeTo(241.121831182, 4)],
    ["COORD2(ivo_geom_transform('ICRS', 'GALACTIC', POINT(120, -23)))", expect.closeTo(3.62785788087, 4)],
    ["ivo_to_jd(CAST('2000-01-02T12:00:00' AS TIMESTAMP))", 2451546],
    ["ivo_to_mjd('1910-12-31T06:00:00')", 19036.25],
    ['ivo_to_jd(NULL)', null],
    ["ivo_nocasematch('ABcabc', 'ab__bc')", 1],
    ["ivo_nocasematch('abcabc', 'abcab')", 0],
    ["ivo_hasword('Miller and Urey have', 'miller')", 1],
    ["ivo_hasword('shown that a primordial', 'shown primordial')", 1],
    ["ivo_hasword('shown that a primordial', 'shown soup')", 0],
    ["ivo_hasword('shown that a primordial', column_name || ' that')", 1],
    ["ivo_hashlist_has('Red#green#blue', 'red')", 1],
    ["ivo_hashlist_has('red#green#blue', 'red#green')", 0],
    ['ivo_interval_overlaps(-2, 55.3, 3, 2)', 0],
    ['ivo_interval_overlaps(-2, 2, 2, 3)', 1],
  ])('%s', async (expression, expected) => {
    expect(await rows(`SELECT ${expression} FROM columns WHERE column_name = 'A'`)).toEqual([[expected]]);
  });

  it('aggregates texts and histograms', async () => {
    const query =
      "SELECT ivo_histogram(s_ra, 5, 85, 2), ivo_string_agg(obs_id, '/') FROM (SELECT TOP 9 * FROM obscore ORDER BY obs_id) AS q";
    expect(await rows(query)).toEqual([['1 1 1 0', 'A/B/C']]);
  });

  it('covers the sphere with HEALPix cells whose centres are theirs', async () => {
    const wrong = await database.rows(
      `SELECT FROM generate_series(0, 12 * 1024 - 1) AS k WHERE sky.sky_healpix(5, sky.sky_healpix_center(5, k::int8)) <> k`,
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['SELECT ivo_epoch_prop_pos(NULL, 1, 1, 1, 1, 1, 2000, 2016) FROM columns', 'an epoch that is NULL'],
    ['SELECT obs_id FROM obscore WHERE 1 = CONTAINS(POINT(s_ra, s_dec * 90), s_region)', 'is outside -90..90 degrees'],
    ['SELECT ivo_healpix_index(30, 1, 2) FROM columns', 'HEALPix order 30 is outside 0..29'],
  ])('reports what only the rows show: %s', async (query, message) => {
    await expect(rows(query)).rejects.toThrow(message);
  });

  it('accepts the SQL of 400 random queries', async () => {
    const random = new RandomQueries(randomFrom(18));
    let translated = 0;
    for (let count = 0; count < 400; count++) {
      const query = random.query();
      const sql = sqlOf(query);
      if (sql === undefined) continue;
      translated++;
      const problem = await database.pool.query(`EXPLAIN ${sql}`).then(
        () => undefined,
        // Class 22: constants, folded when the query is planned, that a function cannot take.
        (error: Error & { code?: string }) => (error.code?.startsWith('22') ? undefined : error.message),
      );
      expect({ query, problem }).toEqual({ query, problem: undefined });
    }
    expect(translated).toBeGreaterThan(300);
  });

  it('answers a cone by the index', async () => {
    const { sql } = translate('SELECT obs_id FROM obscore WHERE INTERSECTS(CIRCLE(359, 0, 1), s_region) = 1', SCHEMA);
    const client = await database.pool.connect();
    try {
      await client.query('SET enable_seqscan = off');
      const { rows: plan } = await client.query<Record<string, string>>(`EXPLAIN ${sql}`);
      expect(JSON.stringify(plan)).toContain('observation_box_idx');
    } finally {
      client.release(true);
    }
  });
});
