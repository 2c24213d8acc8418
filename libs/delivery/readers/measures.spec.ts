import fc from 'fast-check';
import { readImageStatements } from './measures';

const only = (text: string): unknown => readImageStatements(text)[0];
const beam = (majorArcsec: number, minorArcsec: number, positionAngleDeg: number | null = null): unknown => ({
  majorArcsec,
  minorArcsec,
  positionAngleDeg,
});

describe('readImageStatements', () => {
  it.each([
    ['the synthesized beam is 0.79" x 0.62" (PA 6 deg)', beam(0.79, 0.62, 6)],
    ['synthesized beam of 0.62"x0.79", PA=-75.0 deg', beam(0.79, 0.62, -75)],
    ['Beam size = 1.23"x0.98",-75.0deg', beam(1.23, 0.98, -75)],
    ["beam: 0.5'' x 0.4''", beam(0.5, 0.4)],
    ['The beam is 0.5 x 0.4 arcsec.', beam(0.5, 0.4)],
    ['beam = 0.5 arcsec by 0.4 arcsec', beam(0.5, 0.4)],
    ['resolution of 500x400 mas', beam(0.5, 0.4)],
    ['The spatial resolution is 500 mas \u00d7 400 mas', beam(0.5, 0.4)],
    ['1.2 x 1.1 arcsec beam', beam(1.2, 1.1)],
    ['angular resolution of 0.8 arcsec', beam(0.8, 0.8)],
  ])('reads a beam: %s', (text, expected) => {
    expect(only(text)).toMatchObject({ beam: expected, noise: null });
  });

  it.each([
    ['the rms is\n0.21 mJy/beam, measured over 1.5 GHz in the image', 0.21e-3, { value: 1.5e9, unit: 'Hz' }],
    ['rms is 1.77 mJy/beam per channel of 10 km/s', 1.77e-3, { value: 1e4, unit: 'm/s' }],
    ['RMS = 0.210 mJy/beam over 1.875 GHz', 0.21e-3, { value: 1.875e9, unit: 'Hz' }],
    ['rms ~ 25 uJy/beam', 25e-6, null],
    ['an rms noise of 25 \u00b5Jy per beam', 25e-6, null],
    ['the noise level is 2.5e-3 Jy', 2.5e-3, null],
    ['0.3 mJy/beam rms', 0.3e-3, null],
    ['sensitivity of 0.3 mJy beam^-1', 0.3e-3, null],
    ['the rms in a 0.5 km/s channel is 3.1 mJy', 3.1e-3, { value: 500, unit: 'm/s' }],
    ['rms: .5 mJy', 0.5e-3, null],
  ])('reads a noise: %s', (text, janskyPerBeam, width) => {
    const noise = readImageStatements(text)[0]?.noise;
    expect(noise?.janskyPerBeam).toBeCloseTo(janskyPerBeam, 12);
    expect(noise?.width ?? null).toEqual(width);
  });

  it.each([
    'the requested rms is 0.3 mJy/beam',
    'the proposed beam was 1.0 arcsec x 1.0 arcsec',
    'The peak flux is 59.2 mJy/beam.',
    'The map is 20" x 20" large.',
    'imaged with a pixel size of 0.1 arcsec',
    'a flux of 0.4 Jy at 230 GHz',
    'Observed on 3 and 5 Dec 2014 with 36 antennas, 512 x 512 pixels.',
    'The largest angular scale is 12 arcsec.',
  ])('reads nothing from: %s', (text) => {
    expect(readImageStatements(text)).toEqual([]);
  });

  it('combines beam and noise of a paragraph under its label', () => {
    const text = `Continuum: the synthesized beam is 0.79" x 0.62" (PA 6 deg) and the rms is
0.21 mJy/beam, measured over 1.5 GHz.

CO(2-1) line: beam 0.80" x 0.64", rms 1.77 mJy/beam (requested: 2.0 mJy/beam).`;
    expect(readImageStatements(text)).toMatchObject([
      { about: 'Continuum', beam: { majorArcsec: 0.79 }, noise: { janskyPerBeam: expect.closeTo(0.21e-3) as number } },
      {
        about: 'CO(2-1) line',
        beam: { majorArcsec: 0.8 },
        noise: { janskyPerBeam: expect.closeTo(1.77e-3) as number },
      },
    ]);
  });

  it('distinguishes the achieved noise from the peak and the request around it', () => {
    const text = 'With a peak of 12 mJy/beam the rms is 0.2 mJy/beam, where 0.3 mJy/beam was requested.';
    expect(readImageStatements(text).map(({ noise }) => noise?.janskyPerBeam)).toEqual([0.2e-3]);
  });

  it('separates beams and noises when their numbers differ', () => {
    const text =
      'The beam is 0.8" x 0.6". The rms is 1 mJy/beam in the cube. The rms is 0.1 mJy/beam in the continuum.';
    expect(readImageStatements(text).map(({ beam: b, noise }) => [b !== null, noise !== null])).toEqual([
      [true, false],
      [false, true],
      [false, true],
    ]);
  });

  it('reads any text, and returns only positive and finite values', () => {
    const words = fc.constantFrom(
      'beam',
      'rms',
      '0.5',
      '"',
      'x',
      'mJy',
      '/beam',
      'PA',
      '-75',
      'deg',
      '\n',
      '.',
      ':',
      '9'.repeat(400),
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 500 }),
          fc.array(words, { maxLength: 200 }).map((all) => all.join('')),
        ),
        (text) => {
          for (const { beam: b, noise } of readImageStatements(text)) {
            expect(b !== null || noise !== null).toBe(true);
            if (b)
              expect(b.majorArcsec >= b.minorArcsec && b.minorArcsec > 0 && Number.isFinite(b.majorArcsec)).toBe(true);
            if (noise) expect(noise.janskyPerBeam > 0 && Number.isFinite(noise.janskyPerBeam)).toBe(true);
          }
        },
      ),
      { numRuns: 1000 },
    );
  }, 60_000);

  // If a pattern were quadratic, these would take hours.
  it.each(['the rms beam of 0.5 x 0.5 ', '\n   ', '0.5', '" x ', 'Line: ', '9'])(
    'comes to an end on a long text of %j',
    (piece) => {
      expect(readImageStatements(piece.repeat(2_000_000 / piece.length))).toEqual([]);
    },
    60_000,
  );
});
