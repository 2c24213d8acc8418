import { queryBoxes } from './boxes';
import { footprintOf } from './footprint';
import { circle, range, ShapeError } from './shape';
import { readStcS } from './stc-s';
import { vectorOf } from './vectors';

describe('footprintOf', () => {
  it('reads the footprints that the observatory writes', () => {
    const union = readStcS(
      'Union ICRS TOPOCENTER ( Polygon 10 10 14 10 14 14 10 14 Not (Polygon ICRS 11 11 13 11 13 13 11 13) Circle 30 10 1 )',
    );
    expect(union.map(({ kind, hole }) => [kind, hole])).toEqual([
      ['polygon', false],
      ['polygon', true],
      ['circle', false],
    ]);
    expect(readStcS('circle icrs 1 2 3.5e-1')).toMatchObject([{ kind: 'circle' }]);
    expect(readStcS('Position GALACTIC 0 0')[0]?.centre.map((axis) => Number(axis.toFixed(4)))).toEqual([
      -0.0549, -0.8734, -0.4838,
    ]);
  });

  it('stores narrow boxes around RA 0, and wide ones and those of poles on every turn', () => {
    expect(footprintOf('Circle ICRS 0 0 1').box).toMatch(/^\(-1\.0+\d*,-1\.0+\d*\),\(1\.0+\d*,1\.0+\d*\)$/);
    expect(footprintOf('Circle ICRS 100 0 6').box).toMatch(/^\(-360,.*\),\(720,/);
    expect(footprintOf('Circle ICRS 100 89.5 1').box).toMatch(/^\(-360,.*\),\(720,/);
  });

  it('looks near RA 0 a second time, a turn away', () => {
    const cone = (longitude: number): number => queryBoxes([circle(vectorOf(longitude, 0), 1)]).length;
    expect([cone(180), cone(1), cone(359), cone(20)]).toEqual([1, 2, 2, 1]);
    expect(queryBoxes([range(350, 10, -1, 1)])).toHaveLength(2);
  });

  it.each([
    ['', 'is not one of Position, Circle, Polygon, Box, Union'],
    ['Circle ICRS 1 2', 'has 2 numbers'],
    ['Circle ICRS 1 2 3 4', 'has 4 numbers'],
    ['Circle ICRS 1 99 3', 'latitude 99 is outside -90..90 degrees'],
    ['Circle FK4 1 2 3', 'the frame "FK4" is not supported'],
    ['Polygon 1 1 2 2 3', 'an odd number of coordinates'],
    ['Polygon 1 1 1 1 2 2', 'fewer than three different vertices'],
    ['Union (Circle 1 2 3', 'is not one of'],
    ['Not (Circle 1 2 3)', 'no part that is not a hole'],
    ['Circle 1 2 3 Circle 4 5 6', '"Circle" follows the region'],
    [`${'Union ('.repeat(50_000)}`, 'is nested more than 10 deep'],
  ])('refuses %s', (region, message) => {
    const refused = (): unknown => footprintOf(region);
    expect(refused).toThrow(ShapeError);
    expect(refused).toThrow(message);
  });
});
