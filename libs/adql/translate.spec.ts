import { AdqlError } from './adql.error';
import { SCHEMA, UPLOADS } from './testing/schema';
import { translate } from './translate';

const sqlOf = (query: string): string => translate(query, SCHEMA, { uploads: UPLOADS }).sql;

describe('translate', () => {
  it.each([
    ['SELECT obs_id FROM ivoa.obscore', 'SELECT t1."obs_id" AS c1 FROM sky.observation AS t1'],
    [
      'SELECT TOP 3 OBS_ID AS x FROM obscore AS o WHERE o.pvw < 1 ORDER BY x DESC OFFSET 2',
      'SELECT t1."obs_id" AS c1 FROM sky.observation AS t1 WHERE ((t1.pwv) < 1) ORDER BY c1 DESC LIMIT 3 OFFSET 2',
    ],
    [
      "SELECT abstract FROM ivoa.obscore WHERE LOWER(abstract) LIKE '%ser\\_p%'",
      'SELECT t1_project."abstract" AS c1 FROM (sky.observation AS t1 LEFT JOIN sky.project AS t1_project ON ' +
        `t1_project.code = t1.proposal_id) WHERE (lower(t1_project."abstract") LIKE E'%ser\\\\_p%'::text)`,
    ],
    [
      "SELECT column_name FROM TAP_SCHEMA.columns WHERE column_name = 'it''s'';--' AND \"size\" = - 3",
      "SELECT t1.\"column_name\" AS c1 FROM sky.columns AS t1 WHERE ((t1.\"column_name\" = 'it''s'';--'::text) AND " +
        '(t1."size" = (-3)))',
    ],
    [
      'SELECT proposal_id FROM ivoa.obscore UNION SELECT proposal_id FROM TAP_SCHEMA.columns',
      '(SELECT t1."proposal_id" AS c1 FROM sky.observation AS t1) UNION ' +
        '(SELECT t2."proposal_id" AS c1 FROM sky.columns AS t2)',
    ],
    [
      'WITH w AS (SELECT name FROM TAP_UPLOAD.mine) SELECT w.name FROM w WHERE EXISTS (SELECT "size" FROM columns WHERE column_name = w.name)',
      'WITH w1 AS (SELECT t1."name" AS c1 FROM sky.mine AS t1) SELECT t2.c1 AS c1 FROM w1 AS t2 WHERE ' +
        'EXISTS (SELECT t3."size" AS c1 FROM sky.columns AS t3 WHERE (t3."column_name" = t2.c1))',
    ],
    [
      'SELECT proposal_id, COUNT(*) FROM obscore JOIN columns USING (proposal_id) GROUP BY proposal_id HAVING COUNT(*) > 1',
      'SELECT t1."proposal_id" AS c1, count(*) AS c2 FROM (sky.observation AS t1 JOIN sky.columns AS t2 ON ' +
        't1."proposal_id" = t2."proposal_id") GROUP BY t1."proposal_id" HAVING (count(*) > 1)',
    ],
    [
      "SELECT released FROM ivoa.obscore WHERE released > '2024-01'",
      `SELECT to_char(q.c1, 'YYYY-MM-DD"T"HH24:MI:SS.MS') AS c1 FROM (SELECT t1."released" AS c1 FROM ` +
        `sky.observation AS t1 WHERE (t1."released" > '2024-01-01 00:00:00'::timestamp)) AS q`,
    ],
    [
      "SELECT IN_UNIT(pwv, 'um') FROM ivoa.obscore",
      'SELECT (t1."pwv" * 1000::double precision) AS c1 FROM sky.observation AS t1',
    ],
  ])('translates %s', (query, sql) => {
    expect(sqlOf(query)).toBe(sql);
  });

  it('looks a cone up in the index, then compares bounding circles, and shapes only where these do not decide', () => {
    const { sql, usesSkyIndex } = translate(
      "SELECT obs_id FROM ivoa.obscore WHERE (INTERSECTS(CIRCLE('ICRS', 359, 2, 3), s_region) = 1)",
      SCHEMA,
    );
    expect(usesSkyIndex).toBe(true);
    expect(sql.match(/t1\."box" && box\(/g)).toHaveLength(2);
    expect(sql).toMatch(/&& .*<= 4 \* sin\(least\(t1\."radius" \+ .*\(t1\."radius" <= .* OR sky\.sky_intersects\(/);
    expect(sqlOf('SELECT obs_id FROM ivoa.obscore WHERE 0 = CONTAINS(POINT(1, 2), s_region)')).toMatch(
      /WHERE \(NOT \(.*sky\.sky_within\(/,
    );
  });

  it('uses the index of positions for cones and for crossmatches by DISTANCE', () => {
    expect(sqlOf('SELECT s_ra FROM obscore WHERE 1 = CONTAINS(POINT(s_ra, s_dec), CIRCLE(10, 20, 1))')).toMatch(
      /t1\."centre" <@ box\(.* AND \(sky\.sky_distance\(t1\."s_ra", t1\."s_dec", 10::double precision, .*\) <= 1::/,
    );
    expect(sqlOf('SELECT s_ra FROM obscore JOIN TAP_UPLOAD.mine ON DISTANCE(s_ra, s_dec, ra, dec) < 0.01')).toMatch(
      /t1\."centre" <@ sky\.sky_box\(sky\.sky_circle\(t2\."ra", t2\."dec", /,
    );
  });

  it('uses the index of intervals when both ends are compared', () => {
    const range = /t1\."em_range" && sky\.float8range\(/;
    expect(sqlOf('SELECT s_ra FROM obscore WHERE em_min <= 0.001 AND 0.001 <= em_max')).toMatch(range);
    expect(sqlOf('SELECT s_ra FROM obscore WHERE s_ra > 1 AND 0.001 BETWEEN em_min AND em_max')).toMatch(range);
    expect(sqlOf('SELECT s_ra FROM obscore WHERE 1 = ivo_interval_overlaps(em_min, em_max, 1, 2)')).toMatch(range);
    expect(sqlOf('SELECT s_ra FROM obscore WHERE em_min <= em_max AND em_max >= 2')).not.toMatch(range);
  });

  it('returns one row more than maxRows, unless TOP is smaller', () => {
    const limited = (query: string): unknown[] => {
      const { sql, top } = translate(query, SCHEMA, { maxRows: 10 });
      return [/LIMIT (\d+)$/.exec(sql)?.[1], top];
    };
    expect(limited('SELECT obs_id FROM obscore')).toEqual(['11', undefined]);
    expect(limited('SELECT TOP 4 obs_id FROM obscore')).toEqual(['4', 4]);
    expect(limited('SELECT TOP 99 obs_id FROM obscore')).toEqual(['11', 99]);
    expect(limited('SELECT TOP 0 obs_id FROM obscore')).toEqual(['0', 0]);
  });

  it('describes the columns as the schema does, and computed ones as far as is known', () => {
    const { columns } = translate(
      'SELECT s_ra, s_region, MAX(s_dec) AS highest, COUNT(*), s_ra + 1, POINT(s_ra, s_dec) AS p FROM obscore GROUP BY s_ra, s_region, s_dec',
      SCHEMA,
    );
    expect(columns).toEqual([
      { name: 's_ra', type: 'DOUBLE', datatype: 'double', unit: 'deg', ucd: 'pos.eq.ra', xtype: 'adql:DOUBLE' },
      { name: 's_region', type: 'REGION', datatype: 'char', arraysize: '*', xtype: 'adql:REGION' },
      { name: 'highest', type: 'DOUBLE', datatype: 'double', unit: 'deg', ucd: 'pos.eq.dec' },
      { name: 'count', type: 'BIGINT', datatype: 'long' },
      { name: 'column_5', type: 'DOUBLE', datatype: 'double' },
      { name: 'p', type: 'POINT', datatype: 'double', arraysize: '2', xtype: 'point' },
    ]);
  });

  it('leaves aliases for the clients’ mistakes out of *', () => {
    const names = translate('SELECT * FROM ivoa.obscore', SCHEMA).columns.map(({ name }) => name);
    expect(names).toEqual(SCHEMA.tables[0]?.columns.filter(({ hidden }) => !hidden).map(({ name }) => name));
  });

  it.each([
    ['SELECT obs_idd FROM obscore', 'unknown column "obs_idd"; did you mean obs_id?', 8],
    ['SELECT o.obs_idd FROM obscore o', '"o" has no column "obs_idd"; did you mean obs_id?', 10],
    ['SELECT obs_id FROM ivoa.obscor', 'unknown table "ivoa.obscor"; did you mean ivoa.obscore?', 20],
    ['SELECT obs_id FROM pg_catalog.pg_authid', 'unknown table "pg_catalog.pg_authid"', 20],
    ['SELECT pg_sleep(9) FROM obscore', 'unknown function PG_SLEEP', 8],
    ['SELECT INTERSECT2(s_region) FROM obscore', 'unknown function INTERSECT2; did you mean INTERSECTS?', 8],
    ['SELECT proposal_id FROM obscore, columns', 'is in several tables; expected the name of a table', 8],
    ["SELECT obs_id FROM obscore WHERE s_ra = '3'", 'compares a number with a text; expected 3 without quotes', 41],
    ['SELECT obs_id FROM obscore WHERE s_region = obs_id', '"=" takes no geometry', 34],
    ["SELECT obs_id FROM obscore WHERE released > 'soon'", "a text is no timestamp; expected 'YYYY-MM-DD", 45],
    ["SELECT obs_id FROM obscore WHERE released > '2023-02-30'", 'a text is no timestamp', 45],
    ["SELECT obs_id FROM obscore WHERE obs_id LIKE 'a\\'", 'a pattern ends with a single backslash', 46],
    ['SELECT obs_id, COUNT(*) FROM obscore', 'neither grouped by nor in an aggregate function', 8],
    ['SELECT COUNT(*) AS n FROM obscore GROUP BY n', '"n" is an aggregate', 44],
    ['SELECT obs_id FROM obscore WHERE COUNT(*) > 1', 'COUNT is not allowed here', 34],
    ['SELECT MAX(COUNT(*)) FROM obscore', 'an argument of another', 12],
    ['SELECT DISTINCT obs_id FROM obscore ORDER BY s_ra', 'with DISTINCT, ORDER BY names columns', 46],
    ['SELECT obs_id FROM obscore ORDER BY 2', 'expected 1 to 1', 37],
    [
      'SELECT obs_id FROM obscore UNION SELECT s_ra FROM obscore',
      'column 1 of the queries of UNION has different types',
      28,
    ],
    ['SELECT obs_id FROM obscore UNION SELECT obs_id, s_ra FROM obscore', 'have 1 and 2 columns', 28],
    ["SELECT IN_UNIT(s_ra, 'kg') FROM obscore", '"deg" cannot be converted to "kg"', 22],
    ["SELECT IN_UNIT(calib_level, 'kg') FROM obscore", 'has no known unit', 16],
    ["SELECT IN_UNIT(s_ra, 'foo') FROM obscore", '"foo" is no unit of VOUnits', 22],
    ['SELECT obs_id FROM obscore WHERE 1 = CONTAINS(POINT(1, 91), s_region)', 'latitude 91 is outside -90..90', 47],
    ["SELECT POINT('FK9', 1, 2) FROM obscore", 'unknown frame "FK9"', 14],
    ["SELECT REGION('Sphere 1 2 3') FROM obscore", '"Sphere" is not one of Position, Circle, Polygon', 8],
    ['SELECT POLYGON(0, 0, 120, 0, 240, 0) FROM obscore', 'a polygon does not fit into a hemisphere', 8],
    [
      'WITH a AS (SELECT 1 AS x FROM obscore), A AS (SELECT 2 AS x FROM obscore) SELECT x FROM a',
      'declares "A" twice',
      41,
    ],
    ['SELECT ABS(obs_id) FROM obscore', 'ABS takes a number and not a text', 12],
    ['SELECT ivo_healpix_index(6.5, 1, 2) FROM obscore', 'expected an integer', 26],
  ])('refuses %s', (query, message, column) => {
    const refused = (): string => sqlOf(query);
    expect(refused).toThrow(AdqlError);
    expect(refused).toThrow(`line 1, column ${column}: `);
    expect(refused).toThrow(message);
  });
});
