import { AdqlError } from '../adql.error';
import { parse } from './parse';

describe('parse', () => {
  it.each([
    'select a from b',
    'SELECT TOP 5 a.b, c AS "d e", s.t.* FROM s.t AS a WHERE NOT (x < 1 AND y IS NOT NULL) OR z NOT IN (1, 2)',
    'select all(a+b)X from most,(anything join else3 ON(a BETWEEN(b+and7)AND 4))',
    'select * from (a join b using (c, d)) left outer join (select 1 x from e) f on f.x = a.c',
    'select * from ((select a from b) union all (select top 2 c from d order by c)) as q natural join t',
    '((select a from b) except select c from d) order by 1 desc offset 10;',
    "with a as (select 1 as n from t), b as (select n from a) select -- why\n n from b where n like 'x''y' || '%'",
    'select count(*), max(distinct x), .5e-3 * -a, 1./60, cast(a as double precision), coalesce(a, b) from t group by c',
    'select x from y where exists (select * from z) and a ilike b and 1 in ((select 1 from t))',
    "select point('ICRS', a, b), circle(point(1, 2), 3), polygon(p, q, r), box(1, 2, 3, 4), region('x') from t",
  ])('reads %s', (query) => {
    expect(() => parse(query)).not.toThrow();
  });

  it('lets INTERSECT bind more tightly than UNION and EXCEPT', () => {
    const { body } = parse('select a from t union select b from t intersect select c from t').main;
    expect(body).toMatchObject({ kind: 'set', operator: 'UNION', right: { operator: 'INTERSECT' } });
  });

  it('evaluates operators of one precedence from left to right', () => {
    const { body } = parse('select 7 - 2 - 1 from t').main;
    expect(body).toMatchObject({
      items: [{ value: { kind: 'arithmetic', rest: [{ operator: '-' }, { operator: '-' }] } }],
    });
  });

  it('says where a fault is, and what would be right', () => {
    const error = refusal('SELECT a\nFROM t WHERE a >');
    expect(error).toMatchObject({ line: 2, column: 17, expected: expect.arrayContaining(['a number', 'a name']) });
    expect(error.message).toMatch(/^line 2, column 17: the query ends too early; expected /);
  });

  it.each([
    ['SELECT size FROM t', 'write "size" with double quotes'],
    ['SELECT a FROM t /* b */', 'expected --'],
    ['SELECT a FROM t; DELETE FROM t', 'unexpected ";"'],
    ['SELECT a FROM t WHERE a', 'a value is not a condition'],
    ['SELECT a = 1 FROM t', 'a condition is not a value; expected a value'],
    ['SELECT (a = 1) FROM t', 'a condition is not a value'],
    ['SELECT * FROM a INNER JOIN b', 'an INNER JOIN has no condition; expected ON or USING'],
    ["SELECT POINT('ICRS', 1) FROM t", 'expected longitude, latitude'],
    ["SELECT 'a' || POINT(1, 2) FROM t", 'POINT is a geometry; expected a number or a text'],
    ['SELECT ABS(1, 2) FROM t', 'ABS has 2 arguments; expected 1'],
    ['SELECT a\u00a0FROM t', 'the character U+00A0 is not part of ADQL; expected a space'],
    ['SELECT a FROM t WHERE b = \u2018c\u2019', "the character U+2018 is not part of ADQL; expected '"],
    ["SELECT 'a FROM t", 'a text is not closed'],
    ["SELECT '\0' FROM t", 'the character U+0000'],
    ['SELECT (1 FROM t', '"(" is not closed'],
    ['', 'the query is empty; expected SELECT or WITH'],
  ])('refuses %j', (query, message) => {
    expect(refusal(query).message).toContain(message);
  });

  it.each([
    ['parentheses', `SELECT ${'('.repeat(100_000)}1${')'.repeat(100_000)} FROM t`],
    ['unclosed parentheses', `SELECT ${'('.repeat(500_000)}`],
    ['queries in queries', `SELECT * FROM ${'(SELECT * FROM '.repeat(1000)}t${') AS q'.repeat(1000)}`],
    ['NOT', `SELECT a FROM t WHERE ${'NOT '.repeat(100_000)}a = 1`],
    ['signs', `SELECT ${'- '.repeat(100_000)}1 FROM t`],
    ['operators', `SELECT ${'1+'.repeat(90_000)}1 FROM t`],
    ['conditions', `SELECT a FROM t WHERE ${'a=1 OR '.repeat(20_000)}a=1`],
    ['values of IN', `SELECT a FROM t WHERE a IN (${'1,'.repeat(90_000)}1)`],
    ['joins', `SELECT a FROM t ${'JOIN t '.repeat(20_000)}`],
    ['set operators', `SELECT a FROM t${' UNION SELECT a FROM t'.repeat(10_000)}`],
    ['quotes', `SELECT ${"'".repeat(999_001)} FROM t`],
    ['characters', `SELECT a FROM t WHERE a = '${'x'.repeat(1_000_000)}'`],
    ['arguments', `SELECT POLYGON(${'1,'.repeat(90_000)}1) FROM t`],
  ])('refuses too many %s', (_what, query) => {
    expect(refusal(query).message).toMatch(/more than|at most|unexpected|not closed/);
  });
});

function refusal(query: string): AdqlError {
  try {
    parse(query);
  } catch (error) {
    if (error instanceof AdqlError) return error;
    throw error;
  }
  throw new Error(`"${query.slice(0, 80)}" is not refused`);
}
