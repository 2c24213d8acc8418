import { readUnit } from './units';

describe('readUnit', () => {
  it.each([
    ['deg', 'arcmin', 60],
    ['deg', 'mas', 3_600_000],
    ['GHz', 'Hz', 1e9],
    ['mm', 'um', 1e3],
    ['mJy/beam', 'Jy.beam**-1', 1e-3],
    ['km/s', 'm s-1', 1e3],
    ['m/s**2', 'cm.s^-2', 100],
    ['deg**2', 'arcsec2', 12_960_000],
    ['kHz', '1/ms', undefined],
    ['d', 's', 86_400],
    ['Angstrom', 'nm', 0.1],
    ['eV', 'J', 1.602176634e-19],
    ['10**3.m', 'km', 1],
    ['kbyte', 'bit', 8000],
  ])('%s is %s times %d', (from, to, factor) => {
    const [a, b] = [readUnit(from), readUnit(to)];
    if (factor === undefined) return expect(b).toBeUndefined();
    expect(a?.powers).toEqual(b?.powers);
    expect((a?.factor ?? NaN) / (b?.factor ?? NaN)).toBeCloseTo(factor, 12 - Math.log10(factor));
  });

  it.each(['', 'foo', 'm/', '/s', 'm//s', 'm**', 'kdeg', 'constructor', 'm;s', 'x'.repeat(200)])(
    'refuses %j',
    (text) => {
      expect(readUnit(text)).toBeUndefined();
    },
  );
});
