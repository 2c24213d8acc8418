import { radiusDegrees, skyPosition } from './sky-position';

describe('a position', () => {
  it.each([
    [['150.5725', '-31.2347'], 150.5725, -31.2347],
    [['150.5725 -31.2347'], 150.5725, -31.2347],
    [['150.5725,\u221231.2347'], 150.5725, -31.2347],
    [['0', '+90'], 0, 90],
    [['10:02:17.4', '-31:14:04.92'], 150.5725, -31.2347],
    [['10h02m17.4s', '-31d14m04.92s'], 150.5725, -31.2347],
    [['10 02 17.4 -31 14 04.92'], 150.5725, -31.2347],
    [['10h02m', '-00:30:00'], 150.5, -0.5],
    [['150d34m21s', '-31°14\'04.92"'], 150.5725, -31.2347],
  ])('%j', (words, ra, dec) => {
    const position = skyPosition(words);
    expect(position?.ra).toBeCloseTo(ra, 9);
    expect(position?.dec).toBeCloseTo(dec, 9);
  });

  it.each([[['NGC9999']], [['NGC', '9999']], [['M83']], [['3C', '273']], [[]]])('is not %j', (words) => {
    expect(skyPosition(words)).toBeNull();
  });

  it.each([
    [['360', '0'], 'right ascension 360'],
    [['-1', '0'], 'right ascension -1'],
    [['10', '-90.1'], 'declination -90.1'],
    [['10:61:00', '0'], '10:61:00'],
    [['25:00:00', '0'], 'right ascension 25:00:00'],
    [['150.5'], 'a right ascension and a declination'],
    [['1', '2', '3'], 'a right ascension and a declination'],
  ])('cannot be %j', (words, message) => {
    expect(() => skyPosition(words)).toThrow(message);
  });
});

describe('a radius', () => {
  it.each([
    ['10arcsec', 10 / 3600],
    ['1.5 arcmin', 0.025],
    ['.5deg', 0.5],
    ['30"', 30 / 3600],
    ["2'", 2 / 60],
    ['180deg', 180],
  ])('%s', (text, degrees) => {
    expect(radiusDegrees(text)).toBeCloseTo(degrees, 12);
  });

  it.each(['10', '-1deg', '181deg', '1e3arcsec', 'arcsec', '1 parsec', 'Infinitydeg'])('is not %s', (text) => {
    expect(radiusDegrees(text)).toBeNull();
  });
});
