import { headerOf, record } from '../testing/fits-file.fixture';
import { headerBeam, medianBeam, pixelsPerBeam } from './beam';

const beam = (majorArcsec: number, minorArcsec: number, paDeg: number) => ({ majorArcsec, minorArcsec, paDeg });

describe('the beam of a header', () => {
  it('is given in degrees and told in arcsec', () => {
    const facts = headerBeam(headerOf([record('BMAJ', 1 / 3600), record('BMIN', 0.5 / 3600), record('BPA', -75)]));
    expect(facts?.majorArcsec).toBeCloseTo(1, 9);
    expect(facts?.minorArcsec).toBeCloseTo(0.5, 9);
    expect(facts).toMatchObject({ paDeg: -75, count: 1 });
    expect(facts?.smallest).toEqual(facts?.largest);
  });

  it.each([
    ['absent', []],
    ['half there', [record('BMAJ', 1)]],
    ['of no size', [record('BMAJ', 1), record('BMIN', 0)]],
    ['larger than the sky', [record('BMAJ', 1e308), record('BMIN', 1)]],
    ['wider than long', [record('BMAJ', 1), record('BMIN', 2)]],
  ])('is none when it is %s', (_, records) => {
    expect(headerBeam(headerOf(records))).toBeNull();
  });
});

describe('the beam that stands for many', () => {
  it('has the median of each parameter, and knows the smallest and largest', () => {
    const beams = [beam(3, 1, 10), beam(1, 1, 12), beam(2, 2, 11), beam(4, 1.5, 9)];
    expect(medianBeam(beams)).toEqual({
      ...beam(2.5, 1.25, 10.5),
      count: 4,
      smallest: beams[1],
      largest: beams[3],
    });
  });

  it('takes angles on both sides of 90 degrees for neighbours', () => {
    expect(medianBeam([beam(2, 1, 89), beam(2, 1, -89), beam(2, 1, -88)])?.paDeg).toBe(91);
  });

  it('is none without any', () => {
    expect(medianBeam([])).toBeNull();
  });
});

it('a round beam of 2 arcsec covers 4.53 pixels of 1 arcsec', () => {
  expect(pixelsPerBeam(beam(2, 2, 0), [1, 1])).toBeCloseTo(4.532, 3);
});
