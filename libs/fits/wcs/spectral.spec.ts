import { headerOf, record } from '../testing/fits-file.fixture';
import { worldAxes } from './axis';
import { SpectralFacts, spectralFacts } from './spectral';

const REST = 230.538e9;
const LIGHT = 299792458;

function spectral(
  ctype: string,
  crval: number,
  cdelt: number,
  cunit: string,
  others: string[] = [],
): SpectralFacts | null {
  const header = headerOf([
    record('CTYPE3', ctype),
    record('CRVAL3', crval),
    record('CDELT3', cdelt),
    record('CRPIX3', 1),
    record('CUNIT3', cunit),
    ...others,
  ]);
  return spectralFacts(header, worldAxes(header, 3), [8, 8, 11]);
}

const rest = [record('RESTFRQ', REST)];

describe('the spectral axis', () => {
  it('of frequencies covers its channels from edge to edge', () => {
    expect(spectral('FREQ', 2.3e11, -1e6, 'Hz', [...rest, record('SPECSYS', 'LSRK')])).toEqual({
      type: 'FREQ',
      frame: 'LSRK',
      channels: 11,
      minimumHz: 2.3e11 - 10.5e6,
      maximumHz: 2.3e11 + 0.5e6,
      channelWidthHz: 1e6,
      restHz: REST,
    });
  });

  it.each([
    ['FREQ', 'GHz', 230, 0.001, 229.9995e9],
    ['FREQ', '', 2.3e11, 1e6, 229.9995e9],
    ['VRAD', 'm/s', 0, -1000, REST * (1 - 500 / LIGHT)],
    ['VRAD', 'km/s', 0, -1, REST * (1 - 500 / LIGHT)],
    ['VOPT', 'm/s', 0, -1000, REST / (1 + 500 / LIGHT)],
    ['VELO', 'm/s', 0, -1000, REST * Math.sqrt((LIGHT - 500) / (LIGHT + 500))],
    ['VOPT-F2W', 'm/s', 0, -1000, REST * (1 - 500 / LIGHT)],
    ['WAVE', 'mm', 1.3, -0.001, LIGHT / 1.3005e-3],
  ])('of %s in %s is converted to frequencies', (ctype, cunit, crval, cdelt, minimumHz) => {
    const facts = spectral(ctype, crval, cdelt, cunit, rest);
    expect((facts?.minimumHz ?? 0) / minimumHz).toBeCloseTo(1, 12);
    expect(facts?.channelWidthHz).toBeGreaterThan(1e5);
  });

  it('uses the step of the CD matrix', () => {
    expect(spectral('FREQ', 2.3e11, 1, 'Hz', [record('CD3_3', 2e6)])?.channelWidthHz).toBe(2e6);
  });

  it.each([
    ['a velocity without a rest frequency', spectral('VRAD', 0, 1, 'm/s')],
    ['a rest frequency of zero', spectral('VRAD', 0, 1, 'm/s', [record('RESTFRQ', 0)])],
    ['a unit of another quantity', spectral('FREQ', 1, 1, 'deg', rest)],
    ['another axis', spectral('STOKES', 1, 1, '', rest)],
    ['a speed above that of light', spectral('VELO', 4e8, 1, 'm/s', rest)],
  ])('is null for %s', (_, facts) => {
    expect(facts).toBeNull();
  });
});
