import { headerOf, record } from '../testing/fits-file.fixture';
import { worldAxes } from './axis';
import { SkyFacts, skyFacts, skyMapping } from './celestial';
import { separation } from './projection';

/** Smaller offsets are rounding: 4 micro-arcsec. */
const ROUNDING = 1e-9;

interface Coordinates {
  projection?: string;
  crval?: [number, number];
  cdelt?: [number, number];
  shape?: number[];
  others?: string[];
}

function sky(coordinates: Coordinates): SkyFacts {
  const {
    projection = 'SIN',
    crval = [150.57, -31.2],
    cdelt = [-0.5, 0.5],
    shape = [40, 30],
    others = [],
  } = coordinates;
  const header = headerOf([
    record('CTYPE1', `RA---${projection}`),
    record('CRVAL1', crval[0]),
    record('CRPIX1', 17.3),
    record('CTYPE2', `DEC--${projection}`),
    record('CRVAL2', crval[1]),
    record('CRPIX2', 9.2),
    record('CUNIT1', 'deg'),
    record('CDELT1', cdelt[0]),
    record('CUNIT2', 'deg'),
    record('CDELT2', cdelt[1]),
    ...others,
  ]);
  const mapping = skyMapping(header, worldAxes(header, shape.length));
  if (!mapping) throw new Error('no sky axes');
  return skyFacts(mapping, shape);
}

const [COS33, SIN33] = [Math.cos((33 * Math.PI) / 180), Math.sin((33 * Math.PI) / 180)];
const SMALL: [number, number] = [-0.01, 0.02];

describe('the position of an image on the sky', () => {
  // The positions of pixels (20.5, 15.5) and (0.5, 0.5) by wcslib 8, through astropy.
  it.each<[string, Coordinates, [number, number], [number, number]]>([
    ['SIN', { projection: 'SIN' }, [148.75699161459676, -28.035276419448625], [160.90049258530058, -35.15980179614255]],
    ['TAN', { projection: 'TAN' }, [148.76032838066894, -28.04130629024291], [160.75502599573412, -35.11233673112409]],
    ['ARC', { projection: 'ARC' }, [148.75810678989495, -28.03729173717658], [160.85105696400976, -35.143696889793716]],
    ['STG', { projection: 'STG' }, [148.7586631212968, -28.038297094187758], [160.82675007595154, -35.13576860209329]],
    ['ZEA', { projection: 'ZEA' }, [148.75782835033556, -28.036788555879365], [160.8632994270999, -35.1476876469158]],
    [
      'SIN with a slant',
      { others: [record('PV2_1', 0.3), record('PV2_2', -0.7)] },
      [148.71945207983114, -27.954458143747896],
      [160.57323840396523, -34.67831617952128],
    ],
    [
      'a LONPOLE in the header',
      { projection: 'TAN', cdelt: SMALL, others: [record('LONPOLE', 123)] },
      [150.42614744612183, -31.158132990555742],
      [150.84743790719372, -31.153573163272764],
    ],
    [
      'a field around the pole',
      { projection: 'TAN', cdelt: SMALL, crval: [10, 89.99] },
      [205.42216155530716, 89.87966735142541],
      [52.397438216288485, 89.75084285266692],
    ],
    [
      'the pole itself',
      { projection: 'TAN', cdelt: SMALL, crval: [10, 90] },
      [24.25003269780356, 89.87000022308081],
      [233.99491399474581, 89.75813370423961],
    ],
    [
      'right ascension 0',
      { cdelt: SMALL, crval: [0.001, 0] },
      [359.96899992095837, 0.12600010155845504],
      [0.16900101543838236, -0.17400026745641572],
    ],
  ])('%s agrees with wcslib', (_, coordinates, centre, corner) => {
    const facts = sky(coordinates);
    expect(separation(facts.centre ?? { lon: 0, lat: 0 }, { lon: centre[0], lat: centre[1] })).toBeLessThan(ROUNDING);
    const nearest = (facts.footprint ?? []).map((place) => separation(place, { lon: corner[0], lat: corner[1] }));
    expect(Math.min(...nearest)).toBeLessThan(ROUNDING);
  });

  it.each<[string, string[]]>([
    ['PC', matrix('PC1_1', COS33, 'PC1_2', 2 * SIN33, 'PC2_1', -SIN33 / 2, 'PC2_2', COS33)],
    ["CASA 4's padded PC", matrix('PC01_01', COS33, 'PC01_02', 2 * SIN33, 'PC02_01', -SIN33 / 2, 'PC02_02', COS33)],
    ['CD', matrix('CD1_1', -0.01 * COS33, 'CD1_2', -0.02 * SIN33, 'CD2_1', -0.01 * SIN33, 'CD2_2', 0.02 * COS33)],
    ['CROTA2', [record('CROTA2', 33)]],
  ])('is the same for a rotated field by %s', (_, others) => {
    const facts = sky({ cdelt: SMALL, others });
    const expected = { lon: 150.45849996783994, lat: -31.111707804863695 };
    expect(separation(facts.centre ?? { lon: 0, lat: 0 }, expected)).toBeLessThan(ROUNDING);
    expect(facts.pixelArcsec.map((side) => side.toFixed(6))).toEqual(['36.000000', '72.000000']);
  });

  it('has its corners counter-clockwise with north up and east left, for any direction of the axes', () => {
    for (const cdelt of [
      [-1e-3, 1e-3],
      [1e-3, 1e-3],
      [-1e-3, -1e-3],
      [1e-3, -1e-3],
    ] as [number, number][]) {
      const { footprint, centre } = sky({ cdelt, crval: [0.01, -60] });
      const [middle, corners] = [centre ?? { lon: 0, lat: 0 }, footprint ?? []];
      const angles = corners.map(({ lon, lat }) => {
        const east = (((lon - middle.lon + 540) % 360) - 180) * Math.cos((lat * Math.PI) / 180);
        return Math.atan2(east, lat - middle.lat);
      });
      const steps = angles.map((angle, i) => ((angles[(i + 1) % 4] ?? 0) - angle + 4 * Math.PI) % (2 * Math.PI));
      // Position angles grow from north through east, which is counter-clockwise as seen.
      expect(corners).toHaveLength(4);
      for (const step of steps) expect(step).toBeLessThan(Math.PI);
    }
  });

  it('has no footprint when a corner is beyond the horizon of SIN', () => {
    const facts = sky({ cdelt: [-4, 4] });
    expect(facts.footprint).toBeNull();
    expect(facts.centre).not.toBeNull();
  });

  it.each([
    ['a projection that is not zenithal', { projection: 'CAR' }],
    ['a reference point away from the tangent point', { others: [record('PV1_1', 10)] }],
  ])('has only a reference for %s', (_, coordinates) => {
    expect(sky(coordinates)).toMatchObject({ centre: null, footprint: null, reference: { lon: 150.57, lat: -31.2 } });
  });

  it('uses the first plane of a cube', () => {
    const cube = sky({ shape: [40, 30, 5, 1], others: [record('CTYPE3', 'FREQ'), record('CRVAL3', 1e11)] });
    expect(cube.centre).toEqual(sky({}).centre);
  });
});

describe('the frame of an image', () => {
  it.each<[string, string[], string, number | null]>([
    ['RADESYS', [record('RADESYS', 'FK5'), record('EQUINOX', 2000)], 'FK5', 2000],
    ['RADESYS without an equinox', [record('RADESYS', 'FK5')], 'FK5', 2000],
    ['ICRS, which has no equinox', [record('RADESYS', 'ICRS'), record('EQUINOX', 2000)], 'ICRS', null],
    ['nothing at all', [], 'ICRS', null],
    ['EQUINOX alone', [record('EQUINOX', 2000)], 'FK5', 2000],
    ['an old EQUINOX', [record('EQUINOX', 1950)], 'FK4', 1950],
    ['an old EPOCH', [record('EPOCH', 1950)], 'FK4', 1950],
    ['the old spelling', [record('RADECSYS', 'FK4')], 'FK4', 1950],
  ])('follows from %s', (_, others, frame, equinox) => {
    expect(sky({ others })).toMatchObject({ frame, equinox });
  });

  it('is galactic or ecliptic for such axes', () => {
    for (const [first, second, frame] of [
      ['GLON-SIN', 'GLAT-SIN', 'GALACTIC'],
      ['ELON-SIN', 'ELAT-SIN', 'ECLIPTIC'],
    ]) {
      const header = headerOf([record('CTYPE1', first ?? ''), record('CTYPE2', second ?? '')]);
      expect(skyMapping(header, worldAxes(header, 2))).toMatchObject({ frame, equinox: null });
    }
  });
});

describe('an image without sky axes', () => {
  it.each([
    ['no CTYPE', []],
    ['a longitude alone', [record('CTYPE1', 'RA---SIN')]],
    ['an angle in no known unit', [record('CTYPE1', 'RA---SIN'), record('CTYPE2', 'DEC--SIN'), record('CUNIT1', 'Hz')]],
  ])('has no position: %s', (_, records) => {
    const header = headerOf(records);
    expect(skyMapping(header, worldAxes(header, 2))).toBeNull();
  });
});

function matrix(...pairs: (string | number)[]): string[] {
  return [0, 2, 4, 6].map((i) => record(String(pairs[i]), pairs[i + 1] ?? 0));
}
