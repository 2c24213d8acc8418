import { canonicalUnit } from './unit';

describe('the unit of an image', () => {
  it.each([
    ['JY/BEAM', 'Jy/beam'],
    ['Jy/beam', 'Jy/beam'],
    [' Jy / beam ', 'Jy/beam'],
    ['Jy beam-1', 'Jy/beam'],
    ['Jy beam^-1', 'Jy/beam'],
    ['Jy.beam-1', 'Jy/beam'],
    ['beam-1 Jy', 'Jy/beam'],
    ['MJY/BEAM', 'mJy/beam'],
    ['mJy/beam', 'mJy/beam'],
    ['\u00b5Jy/beam', 'uJy/beam'],
    ['K', 'K'],
    ['Jy/pixel', 'Jy/pixel'],
    ['Jy/beam.km/s', 'Jy/beam.km/s'],
    ['Jy beam', 'Jy beam'],
  ])('%j is %j', (written, unit) => {
    expect(canonicalUnit(written)).toBe(unit);
  });
});
