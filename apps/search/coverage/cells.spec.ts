import { max_pixrad, pix2vec_nest, type V3, vec2pix_nest } from '@hscmap/healpix';
import { type CellRange, coveringCells } from './cells';
import { coverageRows } from './coverage-rows';

const NSIDE = 1024;
const DEGREE = Math.PI / 180;

const direction = (ra: number, dec: number): V3 => [
  Math.cos(dec * DEGREE) * Math.cos(ra * DEGREE),
  Math.cos(dec * DEGREE) * Math.sin(ra * DEGREE),
  Math.sin(dec * DEGREE),
];
const dot = (a: V3, b: V3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const angle = (a: V3, b: V3): number => Math.acos(Math.min(1, dot(a, b))) / DEGREE;
const cross = (a: V3, b: V3): V3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const covers = (ranges: readonly CellRange[], point: V3): boolean => {
  const cell = vec2pix_nest(NSIDE, point);
  return ranges.some(([from, end]) => from <= cell && cell < end);
};

/** Numbers from 0 to 1, the same in every run. */
function* numbers(): Generator<number, never> {
  for (let state = 42; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('the cells of a region', () => {
  const random = numbers();
  const next = (low: number, high: number): number => low + (high - low) * random.next().value;
  /** A point on the sphere around a centre, up to `radius` degrees away. */
  const near = (ra: number, dec: number, radius: number): V3 => {
    for (;;) {
      const [x, y, z] = direction(ra, dec);
      const shift = 2 * Math.sin((radius / 2) * DEGREE);
      const moved = [x, y, z].map((axis) => axis + next(-shift, shift)) as V3;
      const length = Math.sqrt(dot(moved, moved));
      const point = moved.map((axis) => axis / length) as V3;
      if (angle(point, direction(ra, dec)) <= radius) return point;
    }
  };

  it.each([
    [10, 20, 0.005],
    [0, -89.99, 0.3],
    [359.99, 0, 1],
    [123, 41.8, 5],
    [45, 0, 0],
  ])('are those with a point of the circle at %d, %d of %d degrees, and few others', (ra, dec, radius) => {
    const ranges = coveringCells(`Circle ICRS ${ra} ${dec} ${radius}`);
    for (let count = 0; count < 2000; count++) expect(covers(ranges, near(ra, dec, radius))).toBe(true);
    const reach = radius + (max_pixrad(NSIDE) + 2 * max_pixrad(4 * NSIDE)) / DEGREE;
    for (const [from, end] of ranges) {
      for (let cell = from; cell < end; cell++) {
        expect(angle(pix2vec_nest(NSIDE, cell), direction(ra, dec))).toBeLessThan(reach);
      }
    }
    const area = (ranges.reduce((sum, [from, end]) => sum + end - from, 0) * 41_253) / (12 * NSIDE ** 2);
    expect(area).toBeLessThan(Math.PI * (radius + 0.12) ** 2);
  });

  it('are those of polygons and unions without the inside of holes', () => {
    const corners: [number, number][] = [
      [9, -1],
      [11, -1],
      [11, 1],
      [9, 1],
    ];
    const polygon = `Polygon ${corners.flat().join(' ')}`;
    const ranges = coveringCells(`Union ICRS (${polygon} Not (Circle 10 0 0.5) Circle 30 60 0.2)`);
    const sides = corners.map((corner, at) => {
      const [ra, dec] = corners[(at + 1) % 4] ?? corner;
      return cross(direction(...corner), direction(ra, dec));
    });
    for (let count = 0; count < 3000; count++) {
      const point = near(10, 0, 1.6);
      const isInside = sides.every((side) => dot(side, point) > 0);
      const toHole = angle(point, direction(10, 0));
      if (isInside && toHole > 0.5) expect(covers(ranges, point)).toBe(true);
      if (toHole < 0.4) expect(covers(ranges, point)).toBe(false);
      if (sides.some((side) => dot(side, point) < -0.1 * DEGREE)) expect(covers(ranges, point)).toBe(false);
    }
    expect(covers(ranges, near(30, 60, 0.2))).toBe(true);
    expect(ranges.every(([from], at) => at === 0 || from > (ranges[at - 1]?.[1] ?? 0))).toBe(true);
  });

  it('are few ranges for a large region', () => {
    expect(coveringCells('Circle ICRS 0 0 180')).toEqual([[0, 12 * NSIDE ** 2]]);
  });
});

it('a delivery covers what its bands show; a footprint of several windows counts once', () => {
  const circle = (ra: number): string => `Circle ICRS ${ra} 0 0.001`;
  const rows = coverageRows(
    [
      { footprint: circle(10), band_list: '6' },
      { footprint: circle(10), band_list: '6' },
      { footprint: circle(20), band_list: '6' },
      { footprint: circle(30), band_list: null },
      { footprint: null, band_list: '7' },
    ],
    { ous: 'uid://A001/X1/X1', project: '2013.1.00001.S' },
  );
  expect(rows.map(({ band }) => band)).toEqual(['6', null]);
  expect(rows[0]?.cells.split('),').length).toBeGreaterThanOrEqual(2);
  expect(rows[0]?.cells).toMatch(/^\{(\[\d+,\d+\),?)+\}$/);
});
