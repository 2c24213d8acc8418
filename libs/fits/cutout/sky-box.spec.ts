import { headerOf, record, skyRecords } from '../testing/fits-file.fixture';
import { worldAxes } from '../wcs/axis';
import { skyMapping, type SkyMapping } from '../wcs/celestial';
import { skyBox } from './sky-box';
import { isInside, type SkyShape } from './sky-shape';

const SHAPE = [30, 20];
/** Points of a pixel along each axis that are looked at. */
const POINTS = 3;

function image(crval: [number, number], turn = 0, pixel = 0.02, projection = 'SIN'): SkyMapping {
  const [cosine, sine] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const matrix = [record('PC1_1', cosine), record('PC1_2', -sine), record('PC2_1', sine), record('PC2_2', cosine)];
  const header = headerOf([...skyRecords({ crval, pixel, projection, crpix: [15.5, 10.5] }), ...matrix]);
  const found = skyMapping(header, worldAxes(header, 2));
  if (found === null) throw new Error('no sky axes');
  return found;
}

/** Returns the box of the pixels of which a point is inside the shape: x1, x2, y1, y2. */
function bruteForce({ toSky }: SkyMapping, shape: SkyShape): number[] | null {
  const box = [Infinity, -Infinity, Infinity, -Infinity] as [number, number, number, number];
  for (let y = 1; y <= 20; y++) {
    for (let x = 1; x <= 30; x++) {
      const touched = Array.from({ length: POINTS * POINTS }, (_, i) => {
        const at = (part: number): number => (part + 0.5) / POINTS - 0.5;
        return toSky([x + at(i % POINTS), y + at(Math.floor(i / POINTS))]);
      }).some((position) => position !== null && isInside(shape, position));
      if (!touched) continue;
      [box[0], box[1]] = [Math.min(box[0], x), Math.max(box[1], x)];
      [box[2], box[3]] = [Math.min(box[2], y), Math.max(box[3], y)];
    }
  }
  return box[0] === Infinity ? null : box;
}

const circle = (lon: number, lat: number, radius: number): SkyShape => ({
  shape: 'circle',
  centre: { lon, lat },
  radius,
});
const polygon = (...numbers: number[]): SkyShape => ({
  shape: 'polygon',
  vertices: numbers.flatMap((lon, i) => (i % 2 === 0 ? [{ lon, lat: numbers[i + 1] ?? 0 }] : [])),
});
const range = (lon: [number, number], lat: [number, number]): SkyShape => ({ shape: 'range', lon, lat });

describe('the box of the pixels that a shape touches', () => {
  it.each<[string, SkyMapping, SkyShape]>([
    ['a circle within a turned image', image([150, -30], 25), circle(150.05, -30.02, 0.0731)],
    ['a circle that is partly outside', image([150, -30], 25), circle(150.3, -30.1, 0.15)],
    ['a circle around the image', image([150, -30], 25), circle(150, -30, 20)],
    ['a circle of most of the sky', image([150, -30]), circle(330, 30, 179.9)],
    ['a circle over RA 0', image([0.02, 12]), circle(359.99, 12.03, 0.08)],
    ['a circle around the pole', image([40, 89.95], 70), circle(200, 89.99, 0.06)],
    ['a triangle', image([150, -30], 25), polygon(150.1, -30.1, 150.12, -29.95, 149.9, -30)],
    [
      'a polygon like an L',
      image([150, -30]),
      polygon(150.1, -30.1, 150.1, -29.9, 150.05, -29.9, 150.05, -30.05, 149.9, -30.05, 149.9, -30.1),
    ],
    ['a polygon around the pole', image([40, 89.95]), polygon(0, 89.9, 120, 89.93, 240, 89.95)],
    ['a polygon over RA 0', image([0.02, 12]), polygon(0.1, 11.95, 0.08, 12.1, 359.95, 12.02)],
    ['a polygon around the image', image([150, -30], 25), polygon(140, -40, 160, -40, 160, -20, 140, -20)],
    ['a range in a turned image', image([150, -30], 25), range([149.95, 150.09], [-30.07, -30.01])],
    ['a range over RA 0', image([0.02, 12]), range([359.97, 0.05], [11.98, 12.5])],
    ['a range around the pole', image([40, 89.95]), range([0, 360], [89.97, 90])],
    ['a range of all longitudes', image([150, -30], 10), range([0, 360], [-30.05, -30.02])],
    ['a range of one hour near the pole', image([40, 89.95]), range([30, 45], [-90, 90])],
    ['a large image in TAN', image([150, 40], 33, 2.2, 'TAN'), circle(170, 55, 9)],
  ])('has these pixels, and no row or column without one: %s', (_, mapping, shape) => {
    const expected = bruteForce(mapping, shape);
    const box = skyBox(mapping, SHAPE, shape);
    const found = [...(box?.lon ?? []), ...(box?.lat ?? [])];
    expect(found).toHaveLength(4);
    // A shape that touches less of a pixel than the points are apart may add a row or column.
    const [x1 = 0, x2 = 0, y1 = 0, y2 = 0] = found.map(
      (pixel, i) => (pixel - (expected?.[i] ?? NaN)) * (i % 2 ? 1 : -1),
    );
    for (const more of [x1, x2, y1, y2]) expect([0, 1]).toContain(more + 0);
  });

  it.each<[string, SkyShape]>([
    ['a circle next to the image', circle(150.5, -30, 0.1)],
    ['a circle whose box overlaps a corner of the image', circle(150.3466 + 0.1, -30.2 - 0.1, 0.13)],
    ['a circle on the other side of the sky', circle(330, 30, 5)],
    ['a polygon around the antipode', polygon(320, 20, 340, 20, 340, 40, 320, 40)],
    ['a range next to the image', range([151, 152], [-40, 40])],
  ])('is null for %s', (_, shape) => {
    expect(bruteForce(image([150, -30]), shape)).toBeNull();
    expect(skyBox(image([150, -30]), SHAPE, shape)).toBeNull();
  });

  it('is one pixel for a point, also at the edge of a pixel', () => {
    const mapping = image([150, -30]);
    for (const pixel of [
      [12, 16],
      [12.5, 16.5],
      [0.5, 20.5],
    ]) {
      const position = mapping.toSky(pixel) ?? { lon: 0, lat: 0 };
      const box = skyBox(mapping, SHAPE, circle(position.lon, position.lat, 0));
      expect(box?.lon[0]).toBe(box?.lon[1]);
      expect(box?.lat[0]).toBe(box?.lat[1]);
      expect(Math.abs((box?.lon[0] ?? 0) - (pixel[0] ?? 0))).toBeLessThanOrEqual(0.5);
    }
  });

  it('is refused for what does not say where it is', () => {
    const everywhere = polygon(0, 0, 120, 0, 240, 0);
    expect(() => skyBox(image([150, -30]), SHAPE, everywhere)).toThrow('does not fit in a hemisphere');
    expect(() => skyBox(image([150, -30], 0, 0.02, 'CAR'), SHAPE, circle(150, -30, 1))).toThrow('projection is CAR');
  });
});
