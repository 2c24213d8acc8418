import { headerOf, raw, record } from '../testing/fits-file.fixture';
import { imageFacts } from './image-facts';

/** A continuum image as CASA 4.2 wrote it: zero-padded PC, FK5, upper-case unit, blank CUNIT4. */
const CASA_4 = [
  record('DATE-OBS', '2014-11-23T10:00:00.000000'),
  record('BUNIT', 'JY/BEAM'),
  record('OBJECT', 'NGC 1234'),
  record('EQUINOX', 2000),
  record('RADESYS', 'FK5'),
  record('BMAJ', 2.205e-4),
  record('BMIN', 1.728e-4),
  record('BPA', 5.8),
  record('LONPOLE', 180),
  record('LATPOLE', -31),
  record('PC01_01', 1),
  record('PC02_01', 0),
  record('PC01_02', 0),
  record('PC02_02', 1),
  record('CTYPE1', 'RA---SIN'),
  record('CRVAL1', 150.57),
  record('CDELT1', -1e-4),
  record('CRPIX1', 51),
  record('CUNIT1', 'deg'),
  record('CTYPE2', 'DEC--SIN'),
  record('CRVAL2', -31.2),
  record('CDELT2', 1e-4),
  record('CRPIX2', 51),
  record('CUNIT2', 'deg'),
  record('CTYPE3', 'FREQ'),
  record('CRVAL3', 2.3e11),
  record('CDELT3', 1.5e9),
  record('CRPIX3', 1),
  record('CUNIT3', 'Hz'),
  record('CTYPE4', 'STOKES'),
  record('CRVAL4', 1),
  record('CDELT4', 1),
  record('CRPIX4', 1),
  record('CUNIT4', ''),
  record('RESTFRQ', 2.3e11),
  record('SPECSYS', 'TOPOCENT'),
  record('ORIGIN', 'CASA 4.2.2 (release r30986)'),
];

/** The same as CASA 5 and later write it, with what the pipeline adds. */
const CASA_5 = [
  ...CASA_4.filter((text) => !/^(?:PC0|BUNIT|RADESYS|EQUINOX|SPECSYS|ORIGIN)/.test(text)),
  record('PC1_1', 1),
  record('PC2_1', 0),
  record('PC1_2', 0),
  record('PC2_2', 1),
  record('BUNIT', 'Jy/beam'),
  record('RADESYS', 'ICRS'),
  record('SPECSYS', 'LSRK'),
  record('ORIGIN', 'CASA 6.5.4-9 CASAtools:v1.0.0'),
  record('CASAVER', '6.5.4-9'),
  record('PIPEVER', '2023.1.0.124'),
];

const AXES = [100, 100, 1, 1];

describe("facts of an image in CASA's dialects", () => {
  it('CASA 4', () => {
    const facts = imageFacts({ header: headerOf(CASA_4), axes: AXES, bitpix: -32 });
    expect(facts).toMatchObject({
      object: 'NGC 1234',
      unit: 'Jy/beam',
      observed: '2014-11-23T10:00:00.000000',
      isCut: false,
      bitpix: -32,
      shape: AXES,
      stokes: ['I'],
      sky: { frame: 'FK5', equinox: 2000, projection: 'SIN' },
      spectral: { frame: 'TOPOCENT', channels: 1, minimumHz: 2.2925e11, maximumHz: 2.3075e11, restHz: 2.3e11 },
      software: { origin: 'CASA 4.2.2 (release r30986)', casa: '4.2.2', pipeline: null },
    });
    expect(facts.sky?.pixelArcsec[0]).toBeCloseTo(0.36, 9);
    expect(facts.beam?.majorArcsec).toBeCloseTo(0.7938, 9);
  });

  it('CASA 5 and later', () => {
    expect(imageFacts({ header: headerOf(CASA_5), axes: AXES, bitpix: -32 })).toMatchObject({
      unit: 'Jy/beam',
      sky: { frame: 'ICRS', equinox: null },
      spectral: { frame: 'LSRK' },
      software: { casa: '6.5.4-9', pipeline: '2023.1.0.124' },
    });
  });

  it('have the same footprint in both', () => {
    const [old, recent] = [CASA_4, CASA_5].map((records) =>
      imageFacts({ header: headerOf(records), axes: AXES, bitpix: -32 }),
    );
    expect(old?.sky?.footprint).toEqual(recent?.sky?.footprint);
  });
});

describe('facts of an image', () => {
  it('include a frequency without an axis of the array', () => {
    const header = headerOf([record('WCSAXES', 4), ...CASA_5]);
    const facts = imageFacts({ header, axes: [100, 100], bitpix: -32 });
    expect(facts).toMatchObject({ shape: [100, 100], spectral: { channels: 1 }, stokes: ['I'] });
  });

  it.each(['OFFSET', 'ANGLE'])('say that an image with an axis %s is a cut', (ctype) => {
    const header = headerOf([record('CTYPE1', ctype), record('CTYPE2', 'FREQ'), record('CRVAL2', 2.3e11)]);
    expect(imageFacts({ header, axes: [100, 60], bitpix: -32 })).toMatchObject({ isCut: true, sky: null });
  });

  it('are null where the header has no value', () => {
    expect(imageFacts({ header: headerOf([raw('OBJECT  =')]), axes: [4, 4], bitpix: 16 })).toEqual({
      object: null,
      unit: null,
      observed: null,
      isCut: false,
      bitpix: 16,
      shape: [4, 4],
      sky: null,
      coverage: null,
      isMosaic: null,
      spectral: null,
      stokes: [],
      beam: null,
      software: { origin: null, casa: null, pipeline: null },
    });
  });

  it.each([
    ['casacore-3.4', null],
    ['AIPS', null],
    ['CASA 6.7.5-18 CASAtools:v1.0.0', '6.7.5-18'],
  ])('include the version of CASA in ORIGIN %j: %s', (origin, casa) => {
    const header = headerOf([record('ORIGIN', origin)]);
    expect(imageFacts({ header, axes: [4, 4], bitpix: -32 }).software.casa).toBe(casa);
  });
});
