import { headerOf, record, skyRecords } from '../testing/fits-file.fixture';
import { worldAxes } from './axis';
import { skyMapping } from './celestial';
import { type Coverage, type Disc, skyCoverage } from './coverage';
import { toIcrs } from './icrs';
import { separation } from './projection';

function covered(records: readonly string[], shape: readonly number[], disc: Disc | null = null): Coverage {
  const header = headerOf(records);
  const mapping = skyMapping(header, worldAxes(header, shape.length));
  if (!mapping) throw new Error('no sky axes');
  return skyCoverage(mapping, shape, disc);
}

describe('conversion to ICRS', () => {
  const fk5 = { frame: 'FK5', equinox: 2000 };
  const galactic = { frame: 'GALACTIC', equinox: null };
  // By astropy 7.
  it.each([
    ['FK5', fk5, [150.57, -31.2], [150.56999147536285, -31.199995082287003]],
    ['FK5 at RA 0', fk5, [359.99999, 0.5], [359.9999835906487, 0.4999974722212556]],
    ['FK5 near the pole', fk5, [10, 89.99], [9.966293166287597, 89.98999846878333]],
    ['galactic', galactic, [150.57, -31.2], [39.0543875420977, 25.98835190967591]],
    ['the galactic pole', galactic, [0, 90], [192.85947789477606, 27.128252414968028]],
  ])('agrees with astropy: %s', (_, frame, [lon = 0, lat = 0], [ra = 0, dec = 0]) => {
    const icrs = toIcrs({ lon, lat }, frame);
    expect(separation(icrs ?? { lon: 0, lat: 0 }, { lon: ra, lat: dec })).toBeLessThan(1e-11);
  });

  it.each([
    { frame: 'FK4', equinox: 1950 },
    { frame: 'FK5', equinox: 1975 },
    { frame: 'ECLIPTIC', equinox: null },
    { frame: 'GAPPT', equinox: null },
  ])('does not guess: $frame $equinox', (frame) => {
    expect(toIcrs({ lon: 10, lat: 20 }, frame)).toBeNull();
    const records = [...skyRecords(), record('EQUINOX', 1950)].filter((text) => !text.startsWith('RADESYS'));
    expect(covered(records, [100, 100])).toEqual({ pixels: [100, 100], centre: null, region: null });
  });
});

describe('the region that an image covers', () => {
  const centred = (options: Parameters<typeof skyRecords>[0]): string[] =>
    skyRecords({ crpix: [50.5, 50.5], ...options });

  it('has the four corners, counter-clockwise with east left, for a small image', () => {
    // 100 pixels of 0.36 arcsec: half a side is 0.005 degrees, in RA divided by cos(-30 degrees).
    const { centre, region } = covered(centred({}), [100, 100]);
    expect([centre?.lon, centre?.lat]).toEqual([expect.closeTo(150, 9), expect.closeTo(-30, 9)]);
    const [dRa, dDec] = [0.005 / Math.cos(Math.PI / 6), 0.005];
    const near = (lon: number, lat: number) => ({
      lon: expect.closeTo(lon, 5) as number,
      lat: expect.closeTo(lat, 5) as number,
    });
    const corners = [near(150 + dRa, -30 - dDec), near(150 - dRa, -30 - dDec), near(150 - dRa, -30 + dDec)];
    expect(region).toEqual({ shape: 'polygon', vertices: expect.arrayContaining(corners) as unknown });
    expect(region?.shape === 'polygon' && region.vertices).toHaveLength(4);
  });

  it('follows the sides of a large image with more vertices, but those of TAN are great circles', () => {
    const count = (projection: string): number => {
      const { region } = covered(centred({ projection, pixel: 0.3 }), [100, 100]);
      return region?.shape === 'polygon' ? region.vertices.length : 0;
    };
    expect([count('SIN') > 4, count('SIN') <= 64, count('TAN')]).toEqual([true, true, 4]);
  });

  it('wraps at RA 0 and surrounds a pole', () => {
    const wrapped = covered(centred({ crval: [0, 0] }), [100, 100]).region;
    const ras = wrapped?.shape === 'polygon' ? wrapped.vertices.map(({ lon }) => lon) : [];
    expect(ras.filter((ra) => ra < 0.006)).toHaveLength(2);
    expect(ras.filter((ra) => ra > 359.99 && ra < 360)).toHaveLength(2);
    const polar = covered(centred({ crval: [0, 90] }), [100, 100]).region;
    const corners = polar?.shape === 'polygon' ? polar.vertices : [];
    expect(corners.map(({ lon }) => Math.round(lon)).sort((a, b) => a - b)).toEqual([45, 135, 225, 315]);
    for (const { lat } of corners) expect(90 - lat).toBeCloseTo(0.005 * Math.SQRT2, 7);
  });

  it.each([
    ['beyond the horizon of SIN', 'SIN', 1.5],
    ['more than 90 degrees from its centre', 'ARC', 1.5],
    ['of a projection that is not supported', 'CAR', 0.01],
  ])('is null for an image %s', (_, projection, pixel) => {
    expect(covered(centred({ projection, pixel }), [100, 100]).region).toBeNull();
  });

  it('is the circle of the values when the others are blank', () => {
    const { region } = covered(centred({}), [100, 100], { x: 50.5, y: 50.5, radius: 40 });
    expect(region).toMatchObject({ shape: 'circle', radius: expect.closeTo(0.004, 8) as number });
    expect(region?.shape === 'circle' && separation(region.centre, { lon: 150, lat: -30 })).toBeLessThan(1e-9);
  });
});
