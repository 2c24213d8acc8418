import { compareBeam, compareRms, relativeScatter } from './claims';

const noise = { sigma: 0.002, channels: 10, channelsUsed: 3, pixels: 5000, stokes: 'I', independentBeams: 900 };

describe('a stated rms', () => {
  it('agrees within a quarter plus twice the random scatter', () => {
    const comparison = compareRms(0.00264, noise, 'Jy/beam');
    expect(comparison).toMatchObject({ agrees: false, stated: 0.00264, measured: 0.002 });
    expect(comparison?.tolerance).toBeCloseTo(0.31, 9);
    expect(compareRms(0.00264, { ...noise, independentBeams: 80 }, 'Jy/beam')?.agrees).toBe(true);
    expect(compareRms(0.0016, noise, 'Jy/beam')?.agrees).toBe(true);
    expect(compareRms(0.0015, noise, 'Jy/beam')?.agrees).toBe(false);
  });

  it.each([
    ['JY/BEAM', 0.002],
    ['mJy/beam', 2e-6],
    ['uJy/beam', 2e-9],
  ])('is compared with an image in %s', (unit, measured) => {
    expect(compareRms(1, noise, unit)?.measured).toBeCloseTo(measured, 12);
  });

  it('is not compared with an image in another unit', () => {
    expect(compareRms(0.002, noise, 'K')).toBeNull();
    expect(compareRms(0.002, noise, null)).toBeNull();
  });

  it('never agrees when it is zero', () => {
    expect(compareRms(0, noise, 'Jy/beam')?.agrees).toBe(false);
  });
});

it('the random scatter decreases with the number of beams in the field, and is 0 when that is unknown', () => {
  const [many, one, none, unknown] = [900, 1, 0.2, null].map((independentBeams) =>
    relativeScatter({ independentBeams }),
  );
  expect(many).toBeCloseTo(0.03, 9);
  expect([one, none, unknown]).toEqual([0.9, 0.9, 0]);
});

it('a stated beam agrees on each axis within a tenth', () => {
  const one = { majorArcsec: 0.794, minorArcsec: 0.622, paDeg: 5.8 };
  const beam = { ...one, count: 1, smallest: one, largest: one };
  expect(compareBeam({ majorArcsec: 0.79, minorArcsec: 0.62 }, beam).map((axis) => axis.agrees)).toEqual([true, true]);
  expect(compareBeam({ majorArcsec: 0.9, minorArcsec: 0.6 }, beam).map((axis) => axis.agrees)).toEqual([false, true]);
});
