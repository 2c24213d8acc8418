import { headerOf, record } from '../testing/fits-file.fixture';
import { worldAxes } from './axis';
import { stokesNames } from './stokes';

function names(crval: number, cdelt: number, length: number): string[] {
  const header = headerOf([
    record('CTYPE3', 'STOKES'),
    record('CRVAL3', crval),
    record('CRPIX3', 1),
    record('CDELT3', cdelt),
  ]);
  return stokesNames(worldAxes(header, 3), [8, 8, length]);
}

describe('the STOKES axis', () => {
  it('names the Stokes parameters and the correlations', () => {
    expect(names(1, 1, 4)).toEqual(['I', 'Q', 'U', 'V']);
    expect(names(-5, -1, 4)).toEqual(['XX', 'YY', 'XY', 'YX']);
    expect(names(1, 3, 2)).toEqual(['I', 'V']);
  });

  it('has ? for unknown values, and no names for an axis that is too long', () => {
    expect(names(0, 1, 2)).toEqual(['?', 'I']);
    expect(names(1, 1, 1000)).toEqual([]);
    expect(stokesNames(worldAxes(headerOf([]), 3), [8, 8, 1])).toEqual([]);
  });
});
