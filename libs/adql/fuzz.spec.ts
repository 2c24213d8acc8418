import fc from 'fast-check';
import { AdqlError } from './adql.error';
import { SCHEMA, UPLOADS } from './testing/schema';
import { translate } from './translate';

const WORDS = [
  ...'SELECT FROM WHERE GROUP BY HAVING ORDER OFFSET UNION EXCEPT INTERSECT ALL DISTINCT TOP AS AND OR NOT IN'.split(
    ' ',
  ),
  ...'LIKE ILIKE BETWEEN IS NULL EXISTS JOIN LEFT FULL OUTER NATURAL ON USING WITH CAST INTEGER TIMESTAMP DESC'.split(
    ' ',
  ),
  ...'POINT CIRCLE BOX POLYGON REGION CENTROID CONTAINS INTERSECTS DISTANCE AREA COORD1 COUNT MAX COALESCE'.split(' '),
  ...'IN_UNIT ABS ROUND LOWER RAND ivo_hasword ivo_histogram ivo_geom_transform RANGE_S2D ivo_epoch_prop_pos'.split(
    ' ',
  ),
  ...'ivoa.obscore TAP_UPLOAD.mine TAP_SCHEMA.columns obs_id s_ra s_dec s_region released pwv "size" pos t.x'.split(
    ' ',
  ),
  ...["'ICRS'", "'a\\_b'", "''", "'2024-01-01'", "'Circle 1 2 3'", "'deg'", '0', '1', '-1', '.5e3', '1e999', '90'],
  ...[
    '(',
    ')',
    '(',
    ')',
    ',',
    ',',
    '*',
    '+',
    '-',
    '/',
    '||',
    '=',
    '<',
    '>=',
    '<>',
    '.',
    ';',
    '--',
    '/*',
    '$1',
    '\u2019',
  ],
];

/** Queries that translate, to be broken. */
const QUERIES = [
  "SELECT TOP 5 o.obs_id, AREA(s_region) AS a FROM ivoa.obscore AS o WHERE 1 = INTERSECTS(CIRCLE('ICRS', 1, 2, 3), o.s_region)",
  'WITH x AS (SELECT s_ra, s_region FROM ivoa.obscore) SELECT COUNT(*), MAX(s_ra) FROM x GROUP BY s_ra HAVING COUNT(*) > 1',
  "SELECT * FROM ivoa.obscore NATURAL JOIN TAP_SCHEMA.columns WHERE abstract LIKE '%a\\_b%' OR pvw BETWEEN 0 AND 1.5",
  'SELECT name FROM TAP_UPLOAD.mine UNION ALL (SELECT obs_id FROM ivoa.obscore ORDER BY s_ra DESC OFFSET 3) ORDER BY 1',
  "SELECT CAST('2024-01-01' AS TIMESTAMP), IN_UNIT(s_ra, 'arcmin'), COALESCE(obs_id, 'x') || 'y' FROM ivoa.obscore",
  'SELECT m.name FROM ivoa.obscore o JOIN TAP_UPLOAD.mine m ON DISTANCE(o.s_ra, o.s_dec, m.ra, m.dec) < 1. / 60',
];

/** Strings and names of SQL that only this library may write. */
const SQL = /^(?:WITH w1 AS \()?\(*SELECT /;

/** Translates, or refuses with an AdqlError; anything else is a defect. */
function survives(query: string): boolean {
  try {
    return SQL.test(translate(query, SCHEMA, { uploads: UPLOADS, maxRows: 100 }).sql);
  } catch (error) {
    if (error instanceof AdqlError) return error.line > 0 && error.column > 0 && !/undefined|NaN/.test(error.message);
    throw error;
  }
}

const run = (texts: fc.Arbitrary<string>, numRuns: number): void =>
  fc.assert(fc.property(texts, survives), { numRuns, seed: 18 });

describe('10,000 random texts', () => {
  it('of words of ADQL', () => {
    run(
      fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) => words.join(' ')),
      3_000,
    );
  });

  it('of values in a query', () => {
    const value = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 9 }).map((words) => words.join(' '));
    run(
      fc
        .tuple(value, value)
        .map(([item, where]) => `SELECT ${item} FROM ivoa.obscore, TAP_UPLOAD.mine AS t WHERE ${where}`),
      2_000,
    );
  });

  it('of broken queries', () => {
    const broken = fc
      .tuple(
        fc.constantFrom(...QUERIES),
        fc.array(fc.tuple(fc.nat(), fc.nat(9), fc.constantFrom('', ...WORDS)), { maxLength: 4 }),
      )
      .map(([query, cuts]) =>
        cuts.reduce((text, [place, length, word]) => {
          const at = place % (text.length + 1);
          return `${text.slice(0, at)} ${word} ${text.slice(at + length)}`;
        }, query),
      );
    run(broken, 4_000);
  });

  it('of any characters', () => {
    run(fc.string({ unit: 'binary', maxLength: 200 }), 1_000);
  });

  it('translates the queries that are not broken', () => {
    for (const query of QUERIES) expect(translate(query, SCHEMA, { uploads: UPLOADS }).sql).toMatch(SQL);
  });
});
