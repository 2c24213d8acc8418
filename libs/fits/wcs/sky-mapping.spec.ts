import { headerOf, record, skyRecords } from '../testing/fits-file.fixture';
import { worldAxes } from './axis';
import { skyMapping, type SkyMapping } from './celestial';
import { fromIcrs, toIcrs } from './icrs';

const TURN = [
  record('PC01_01', 0.8),
  record('PC01_02', -0.6),
  record('PC02_01', 0.6),
  record('PC02_02', 0.8),
  record('PC03_03', 1),
];

function mapping(crval: [number, number], projection: string, others: string[], pixel = 0.01): SkyMapping {
  const header = headerOf([...skyRecords({ crval, projection, pixel, crpix: [40, 21] }), ...others]);
  const found = skyMapping(header, worldAxes(header, 3));
  if (found === null) throw new Error('no sky axes');
  return found;
}

describe('the place of a position in an image', () => {
  it.each<[string, [number, number], string, string[], digits?: number]>([
    ['SIN', [150, -30], 'SIN', []],
    ['TAN, turned, with the matrix of CASA 4', [150, -30], 'TAN', TURN],
    ['ARC, turned with CROTA', [10, 60], 'ARC', [record('CROTA2', 33)]],
    ['STG, with a CD matrix', [10, 60], 'STG', [record('CD1_1', 0.01), record('CD1_2', 3e-3), record('CD2_2', 0.02)]],
    ['ZEA at the pole', [77, 90], 'ZEA', TURN],
    ['SIN over RA 0', [0.01, 12], 'SIN', []],
    // The way to the sky has an arc sine.
    ['SIN with a slant', [150, -30], 'SIN', [record('PV2_1', 0.1), record('PV2_2', -0.2)], 3],
  ])('is where the pixel is: %s', (_, crval, projection, others, digits = 7) => {
    const { toSky, toPixel } = mapping(crval, projection, others);
    for (const pixel of [
      [1, 1],
      [40, 21],
      [83.25, -7.5],
      [500, 700],
    ]) {
      const position = toSky([...pixel, 1]);
      const found = position && toPixel?.(position);
      expect(found?.[0]).toBeCloseTo(pixel[0] ?? 0, digits);
      expect(found?.[1]).toBeCloseTo(pixel[1] ?? 0, digits);
    }
  });

  it('is null on the far side of the sky', () => {
    const far = { lon: 330, lat: 30 };
    expect(mapping([150, -30], 'SIN', []).toPixel?.(far)).toBeNull();
    expect(mapping([150, -30], 'TAN', []).toPixel?.(far)).toBeNull();
  });

  it('is not known when a matrix mixes the sky with another axis, or cannot be inverted', () => {
    expect(mapping([150, -30], 'SIN', [record('PC1_3', 0.1)]).toPixel).toBeNull();
    expect(mapping([150, -30], 'SIN', [record('CD1_1', 0.01), record('CD2_1', 0.01)]).toPixel).toBeNull();
    expect(mapping([150, -30], 'CAR', []).toPixel).toBeNull();
  });
});

describe('fromIcrs', () => {
  it.each([
    ['FK5', 2000],
    ['GALACTIC', null],
    ['ICRS', null],
  ])('is the inverse of toIcrs for %s', (frame, equinox) => {
    const own = fromIcrs({ lon: 266.4, lat: -29 }, { frame, equinox });
    const back = own && toIcrs(own, { frame, equinox });
    expect(back?.lon).toBeCloseTo(266.4, 11);
    expect(back?.lat).toBeCloseTo(-29, 11);
  });
});
