import { footprintOf, translate } from '@almagest/adql';
import { rowsOf } from '@almagest/votable';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { ContentRepository } from '../../../apps/search/content/content.repository';
import { coneQuery } from '../../../apps/search/images/cone-query';
import { siaQuery } from '../../../apps/search/images/sia-query';
import { QueryRunner } from '../../../apps/search/queries/query-runner';
import { ADQL_SCHEMA } from '../../../apps/search/schema/adql-schema';
import { SearchConfig, searchVariables } from '../../../apps/search/search.config';
import { DaliParameters } from '../../../apps/search/tap/dali-parameters';
import type { TapQuery } from '../../../apps/search/tap/tap-query';
import { quiet, TestDatabase } from '../../harness/test-database';

const never = new AbortController().signal;

/** Two observations: a band 6 cube of the member at RA 0.1, and a continuum image of the group at RA 200. */
const OBSERVATIONS = [
  {
    ...{ obs_id: 'member', member_ous_uid: 'uid://A001/X1/X3', target_name: "O'Neill", proposal_id: '2013.1.00001.S' },
    ...{ dataproduct_type: 'cube', calib_level: 2, pol_states: '/I/Q/', em_min: 0.0012, em_max: 0.0013 },
    ...{ t_min: 57000, t_max: 57000.5, t_exptime: 600, t_resolution: 600, s_resolution: 0.1, em_res_power: 5000 },
    ...region(0.1, -30, 0.01),
  },
  {
    ...{ obs_id: 'group', member_ous_uid: null, target_name: 'Sgr B2', proposal_id: '2013.1.00002.S' },
    ...{ dataproduct_type: 'image', calib_level: 3, pol_states: '/I/', em_min: 0.003, em_max: 0.0031 },
    ...{ t_min: 58000, t_max: null, t_exptime: null, t_resolution: null, s_resolution: 1.5, em_res_power: 50 },
    ...region(200, 60, 0.2),
  },
];

function region(ra: number, dec: number, radius: number): Record<string, string | number> {
  const footprint = `Circle ICRS ${ra} ${dec} ${radius}`;
  const { box, x, y, z, radius: reach, shape } = footprintOf(footprint);
  return {
    ...{ s_ra: ra, s_dec: dec, centre: `(${ra},${dec})`, s_fov: 2 * radius, footprint, footprint_box: box },
    ...{
      footprint_x: x,
      footprint_y: y,
      footprint_z: z,
      footprint_radius: reach,
      footprint_shape: `{${shape.join(',')}}`,
    },
  };
}

describe('images by position and more', () => {
  let db: TestDatabase;
  let source: DataSource;
  let runner: QueryRunner;

  beforeAll(async () => {
    db = await TestDatabase.create();
    source = await db.open('search');
    runner = new QueryRunner(
      db.url,
      new SearchConfig(z.object(searchVariables).parse({}), 'http://archive.example'),
      source,
      quiet,
    );
    const common = {
      qa2_passed: 'T',
      access_estsize: 1,
      lastmodified: '2024-01-01',
      group_ous_uid: 'uid://A001/X1/X2',
    };
    const rows = OBSERVATIONS.map((row) => ({
      ...{ ...common, ...row, ous: row.member_ous_uid ?? common.group_ous_uid },
      wavelengths: `[${row.em_min},${row.em_max}]`,
    }));
    await source.transaction((manager) => new ContentRepository().addObservations(manager, rows));
  });
  afterAll(async () => {
    await runner.onApplicationShutdown();
    await db.drop();
  });

  async function found(query: TapQuery): Promise<(string | null)[]> {
    const translation = translate(query.adql, ADQL_SCHEMA, { maxRows: query.maxRows });
    const at = translation.columns.findIndex(({ name }) => name === 'obs_id');
    const all: (string | null)[] = [];
    for await (const batch of runner.rows(translation, 60, never))
      all.push(...rowsOf(batch).map((row) => row[at] ?? null));
    return all.sort();
  }

  async function parametersOf(query: string): Promise<DaliParameters> {
    return DaliParameters.of({ method: 'GET', originalUrl: `/?${query}`, headers: {} } as never);
  }

  it.each([
    ['', ['group', 'member']],
    ['POS=CIRCLE 359.99 -30 0.1', ['member']],
    ['POS=RANGE 359 1 -31 -29', ['member']],
    ['POS=RANGE 0 360 59 %2BInf', ['group']],
    ['POS=POLYGON 199 59 201 59 201 61 199 61', ['group']],
    ['POS=CIRCLE 50 0 1&POS=CIRCLE 200 60 1&POS=CIRCLE 0 -30 1', ['group', 'member']],
    ['BAND=0.00125', ['member']],
    ['BAND=0.002 %2BInf', ['group']],
    ['BAND=0.00125&BAND=0.00305', ['group', 'member']],
    ['TIME=57000.2', ['member']],
    ['TIME=57999 %2BInf', ['group']],
    ['POL=Q', ['member']],
    ['POL=I', ['group', 'member']],
    ['FOV=0.3 %2BInf', ['group']],
    ['SPATRES=-Inf 0.2', ['member']],
    ['SPECRP=1000 %2BInf', ['member']],
    ['EXPTIME=600', ['member']],
    ['TIMERES=-Inf %2BInf', ['member']],
    ['ID=ADS/JAO.ALMA%232013.1.00002.S', ['group']],
    ['ID=ADS/JAO.ALMA%232013.1.00003.S', []],
    ['COLLECTION=ALMA&FACILITY=JAO&INSTRUMENT=ALMA', ['group', 'member']],
    ['FACILITY=VLA', []],
    ['DPTYPE=cube', ['member']],
    ['CALIB=3', ['group']],
    ["TARGET=O'Neill", ['member']],
    ['FORMAT=application/fits', []],
    ['FORMAT=application/x-votable%2Bxml;CONTENT=datalink&TARGET=Sgr B2', ['group']],
    ['POS=CIRCLE 200 60 1&POL=Q', []],
  ])('SIA finds by %s', async (query, expected) => {
    expect(await found(siaQuery(await parametersOf(query), 1000))).toEqual(expected);
  });

  it.each([
    ['RA=359.9&DEC=-30&SR=0.3', ['member']],
    ['RA=200&DEC=59&SR=1.01&VERB=3', ['group']],
    ['RA=0&DEC=0&SR=180&VERB=1', ['group', 'member']],
    ['RA=0&DEC=0&SR=180&MAXREC=0', []],
  ])('a cone search finds by %s', async (query, expected) => {
    const read = coneQuery(await parametersOf(query), 1000);
    expect((await found(read)).slice(0, read.maxRows)).toEqual(expected);
  });
});
