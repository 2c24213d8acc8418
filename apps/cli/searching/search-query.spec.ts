import { type Criteria, namesOf, observationsQuery, placesQuery } from './search-query';

const NOTHING: Criteria = {
  places: [],
  radius: null,
  names: [],
  frequency: null,
  bands: [],
  project: null,
  resolution: null,
  isPublic: false,
};
const where = (criteria: Partial<Criteria>): string =>
  observationsQuery({ ...NOTHING, ...criteria }, false).replace(/^SELECT \* FROM ivoa\.obscore(?: WHERE )?/, '');

describe('the query of a search', () => {
  it.each<[Partial<Criteria>, string]>([
    [{}, ''],
    [{ places: [{ ra: 10, dec: -0.5 }] }, 'CONTAINS(POINT(10, -0.5), s_region) = 1'],
    [{ places: [{ ra: 10, dec: 5 }], radius: 0.1 }, 'INTERSECTS(CIRCLE(10, 5, 0.1), s_region) = 1'],
    [
      {
        places: [
          { ra: 1, dec: 2 },
          { ra: 3, dec: 4 },
        ],
        isPublic: true,
      },
      `(CONTAINS(POINT(1, 2), s_region) = 1 OR CONTAINS(POINT(3, 4), s_region) = 1) AND data_rights = 'Public'`,
    ],
    [{ names: ["barnard's star"] }, `LOWER(target_name) IN ('barnard''s star')`],
    [{ bands: [3, 6] }, `band_list IN ('3', '6')`],
    [{ project: '2013.1.09999.S' }, `proposal_id = '2013.1.09999.S'`],
    [{ resolution: { low: null, high: 0.5 } }, 's_resolution <= 0.5'],
    [{ resolution: { low: 0.1, high: 0.5 } }, 's_resolution >= 0.1 AND s_resolution <= 0.5'],
    [{ frequency: { low: 299.792458, high: 299.792458 } }, 'em_max >= 0.001 AND em_min <= 0.001'],
    [{ frequency: { low: null, high: 299.792458 } }, 'em_max >= 0.001'],
  ])('%j', (criteria, condition) => {
    expect(where(criteria)).toBe(condition);
  });

  it('of a terminal has few columns', () => {
    expect(observationsQuery(NOTHING, true)).toContain('SELECT target_name, ROUND(s_ra, 5) AS s_ra');
  });
});

it.each([
  ['NGC 9999', ['ngc 9999', 'ngc9999', 'ngc_9999', 'ngc-9999']],
  ['M83', ['m83', 'm 83', 'm_83', 'm-83']],
  ['TW  Hya', ['tw hya', 'tw_hya', 'twhya']],
  ["a' OR 1=1", ["a' or 1=1", "a'_or_1=1", "a'or1=1"]],
])('%s is written in several ways', (name, names) => {
  expect(namesOf(name)).toEqual(names);
});

it('quotes the names of the query of places', () => {
  expect(placesQuery(["a' or 1=1"])).toContain(`IN ('a'' or 1=1')`);
});
