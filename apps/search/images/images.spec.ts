import { Readable } from 'node:stream';
import { translate } from '@almagest/adql';
import type { Request } from 'express';
import { z } from 'zod';
import { ADQL_SCHEMA } from '../schema/adql-schema';
import { SearchConfig, searchVariables } from '../search.config';
import { DaliParameters } from '../tap/dali-parameters';
import type { TapQuery } from '../tap/tap-query';
import { coneField, coneQuery } from './cone-query';
import { siaPresentation, siaQuery } from './sia-query';

const LIMIT = 1000;

async function parametersOf(query: string): Promise<DaliParameters> {
  const request = Object.assign(Readable.from([]), { method: 'GET', originalUrl: `/?${query}`, headers: {} });
  return DaliParameters.of(request as unknown as Request);
}
const sia = async (query: string): Promise<TapQuery> => siaQuery(await parametersOf(query), LIMIT);
const cone = async (query: string): Promise<TapQuery> => coneQuery(await parametersOf(query), LIMIT);
const conditionOf = ({ adql }: TapQuery): string => adql.split(' WHERE ')[1] ?? '';

describe('a query for images', () => {
  it.each([
    ['', ''],
    ['POS=CIRCLE 12.0 -34 0.5', '((INTERSECTS(CIRCLE(12, -34, 0.5), s_region) = 1))'],
    ['pos=range 0 360 89 %2BInf', '((INTERSECTS(RANGE_S2D(0, 360, 89, 90), s_region) = 1))'],
    ['POS=RANGE -Inf Inf -inf inf', '((INTERSECTS(RANGE_S2D(0, 360, -90, 90), s_region) = 1))'],
    ['POS=POLYGON 1 1 2 1 2 2', '((INTERSECTS(POLYGON(1, 1, 2, 1, 2, 2), s_region) = 1))'],
    ['BAND=500e-9 550e-9', '((em_min <= 5.5e-7 AND em_max >= 5e-7))'],
    ['BAND=0.21&BAND=300 %2BInf', '((em_min <= 0.21 AND em_max >= 0.21) OR (em_max >= 300))'],
    ['BAND=-Inf %2BInf', '((em_min IS NOT NULL))'],
    ['TIME=57000 57001.5', '((t_min <= 57001.5 AND COALESCE(t_max, t_min) >= 57000))'],
    ['POL=i&POL=RR', "((pol_states LIKE '%/I/%') OR (pol_states LIKE '%/RR/%'))"],
    ['SPATRES=-Inf 0.2', '((s_resolution <= 0.2))'],
    ['CALIB=2&CALIB=3', '((calib_level = 2) OR (calib_level = 3))'],
    ["TARGET=O'Neill&DPTYPE=cube", "((dataproduct_type = 'cube')) AND ((target_name = 'O''Neill'))"],
    ['ID=ads/jao.alma%232013.1.09999.s', "((proposal_id = '2013.1.09999.S'))"],
    ['ID=ivo://elsewhere/x', "((proposal_id = ''))"],
  ])('%s', async (query, condition) => {
    const read = await sia(query);
    expect(conditionOf(read)).toBe(condition);
    expect(translate(read.adql, ADQL_SCHEMA, { maxRows: 10 }).columns).toHaveLength(75);
  });

  it.each([
    ['POS=12 34', 'expected CIRCLE longitude latitude radius'],
    ['POS=CIRCLE 12 34', 'CIRCLE with 2 numbers; expected 3 numbers'],
    ['POS=CIRCLE 12 34 -1', '-1, which is outside 0..180'],
    ['POS=CIRCLE NaN 34 1', "'NaN' where a number is expected"],
    ['POS=CIRCLE 400 34 1', '400, which is outside 0..360'],
    ['POS=CIRCLE 1 91 1', '91, which is outside -90..90'],
    ['POS=RANGE 1 2 4 3', 'the first is above the second'],
    ['POS=RANGE 1 2 3', 'RANGE with 3 numbers'],
    ['POS=POLYGON 1 1 2 2', 'expected at least 3 pairs'],
    ['POS=POLYGON 1 1 1 1 2 2', 'fewer than three different vertices'],
    ['POS=CIRCLE 1 2 3) = 1 OR 1 = 1 --', 'CIRCLE with'],
    ['BAND=2 1', 'its first number is above the second'],
    ['BAND=1 2 3', 'expected one number, or two'],
    ['BAND=red', 'a number, -Inf or +Inf is expected: 0.0012 0.0014'],
    ['TIME=2015-01-01', 'TIME has'],
    ['EXPTIME=1e999', 'where a number is expected'],
    ['POL=Z', 'expected one of I, Q, U'],
    ['CALIB=two', 'expected 0, 1, 2, 3 or 4'],
    ['MAXREC=-1', 'MAXREC is'],
    ['RESPONSEFORMAT=png', 'RESPONSEFORMAT is'],
    [`TARGET=x${Array.from({ length: 201 }, (_, at) => `&TARGET=${at}`).join('')}`, 'at most 200'],
  ])('is refused: %.60s', async (query, message) => {
    await expect(sia(query)).rejects.toMatchObject({
      code: 'search.bad-parameter',
      message: expect.stringContaining(message) as string,
    });
  });

  it('is described in its answer, with the service for links', () => {
    const { resources = '' } = siaPresentation(
      new SearchConfig(z.object(searchVariables).parse({}), 'https://archive.example'),
    );
    expect(resources).toContain('name="this"');
    expect(resources).toContain('value="https://archive.example/sia2/query"');
    expect(resources.match(/<PARAM name="(?:POS|BAND|TIME|POL|FOV|CALIB|MAXREC)"/g)).toHaveLength(7);
    expect(resources).toContain('<PARAM name="ID" datatype="char" arraysize="*" ucd="meta.id;meta.main" ref="ous_uid"');
  });
});

describe('a cone search', () => {
  it.each([
    ['RA=12&DEC=-34&SR=0.5', 20, LIMIT],
    ['ra=12&dec=-34&sr=0.5&VERB=1&MAXREC=5', 3, 5],
    ['RA=12&DEC=-34&SR=0&VERB=3', 74, 0],
  ])('%s', async (query, columns, rows) => {
    const read = await cone(query);
    const fields = translate(read.adql, ADQL_SCHEMA, { maxRows: 10 }).columns;
    expect([fields.length, read.maxRows]).toEqual([columns, rows]);
    const ucds = fields.map(({ name, ucd }) => coneField({ name, datatype: 'double', ucd }).ucd ?? '');
    for (const main of ['ID_MAIN', 'POS_EQ_RA_MAIN', 'POS_EQ_DEC_MAIN']) {
      expect(ucds.filter((ucd) => ucd === main)).toHaveLength(1);
    }
  });

  it.each([
    ['DEC=1&SR=1', 'RA is missing'],
    ['RA=x&DEC=1&SR=1', "RA has 'x' where a number is expected"],
    ['RA=1&DEC=91&SR=1', 'DEC has 91, which is outside -90..90'],
    ['RA=1&DEC=1&SR=-1', 'SR has -1'],
    ['RA=1&DEC=1&SR=1&VERB=4', 'expected 1, 2 or 3'],
    ['RA=1&RA=2&DEC=1&SR=1', 'RA is given 2 times'],
  ])('is refused: %s', async (query, message) => {
    await expect(cone(query)).rejects.toThrow(message);
  });
});
