import { FitsInspector } from '../facts/fits-inspector';
import {
  doubleImageFile,
  gaussian,
  imageFile,
  primaryBeamResponse,
  record,
  skyRecords,
} from '../testing/fits-file.fixture';
import type { SampledImage } from './pixel-sample';
import { measureNoise, verifyPrimaryBeam } from './verify-primary-beam';

const SIDE = 30;
const PLANE = SIDE * SIDE;
const BEAM = primaryBeamResponse(SIDE, 150);
/** A synthesised beam 4 pixels wide. */
const SYNTHESISED = [record('BMAJ', 4e-4), record('BMIN', 4e-4), record('BPA', 0)];
const CUBE_AXES = [record('CTYPE3', 'FREQ'), record('CRVAL3', 2.3e11), record('CDELT3', 1e6), record('CUNIT3', 'Hz')];
const STOKES_AXIS = [record('CTYPE4', 'STOKES'), record('CRVAL4', 1), record('CRPIX4', 1), record('CDELT4', 1)];
const RECORDS = [...skyRecords(), ...SYNTHESISED, ...CUBE_AXES, ...STOKES_AXIS];

/** Returns a corrected cube of these noise levels; the STOKES axis is the last one. */
function cube(sigmas: readonly number[], stokes = 1, records = RECORDS): Buffer {
  const random = gaussian(3);
  const values = sigmas.flatMap((sigma) => BEAM.map((response) => (sigma * random()) / response));
  return imageFile([SIDE, SIDE, sigmas.length / stokes, stokes], values, records);
}

function primaryBeam(planes: number, stokes = 1, records = RECORDS, beam = BEAM): Buffer {
  const values = Array.from({ length: planes }, () => beam).flat();
  return imageFile([SIDE, SIDE, planes / stokes, stokes], values, records);
}

/** Returns the image of a file read in chunks of this length. */
function sampled(file: Buffer, chunk = 4096): SampledImage {
  const inspector = new FitsInspector({ sample: true });
  for (let at = 0; at < file.length; at += chunk) inspector.write(file.subarray(at, at + chunk));
  const image = inspector.sampledImage(inspector.end());
  if (image === null) throw new Error('the file holds no image');
  return image;
}

describe('an image with its primary beam', () => {
  it('has the noise of its line-free channels before the correction', () => {
    const verification = verifyPrimaryBeam(sampled(cube([1, 1, 3, 4, 5, 3, 2, 2])), sampled(primaryBeam(8)));
    const defined = BEAM.filter((response) => !Number.isNaN(response)).length;
    expect(verification).toMatchObject({
      sameShape: true,
      sameSky: true,
      onlyInImage: 0,
      onlyInBeam: 0,
      noise: [{ stokes: 'I', channels: 8, channelsUsed: 2, pixels: defined }],
    });
    expect(Math.abs((verification.noise[0]?.sigma ?? 0) - 1)).toBeLessThan(0.1);
    expect(verification.noise[0]?.independentBeams).toBeCloseTo(defined / 18.13, 0);
    expect(verification.image.beam?.majorArcsec).toBeCloseTo(1.44, 9);
  });

  it('has the same result for any chunks of the two files', () => {
    const [image, beam] = [cube([1, 2, 3]), primaryBeam(3)];
    const whole = verifyPrimaryBeam(sampled(image, 1e6), sampled(beam, 1e6));
    expect(verifyPrimaryBeam(sampled(image, 1001), sampled(beam, 337))).toEqual(whole);
  });

  it('is measured for each Stokes parameter on its own', () => {
    const { noise } = verifyPrimaryBeam(sampled(cube([8, 8, 1, 1], 2)), sampled(primaryBeam(4, 2)));
    expect(noise.map(({ stokes, sigma }) => [stokes, sigma > 4])).toEqual([
      ['I', true],
      ['Q', false],
    ]);
  });

  it('is measured for each Stokes parameter when the STOKES axis is before the channels', () => {
    const swapped = RECORDS.map((text) =>
      text.replace(/^(C[A-Z]+)([34])/, (_, root: string, n) => root + (n === '3' ? '4' : '3')),
    );
    const random = gaussian(4);
    const values = [8, 1, 8, 1].flatMap((sigma) => BEAM.map((response) => (sigma * random()) / response));
    const image = imageFile([SIDE, SIDE, 2, 2], values, swapped);
    const { noise } = verifyPrimaryBeam(sampled(image), sampled(primaryBeam(4, 2, swapped)));
    expect(noise.map(({ stokes, sigma }) => [stokes, sigma > 4])).toEqual([
      ['I', true],
      ['Q', false],
    ]);
  });

  it('is not measured with a primary beam of another shape', () => {
    const verification = verifyPrimaryBeam(sampled(cube([1, 1])), sampled(primaryBeam(1)));
    expect(verification).toMatchObject({
      sameShape: false,
      noise: [],
      beamShape: [SIDE, SIDE, 1, 1],
      beamMinimum: null,
    });
  });

  it('reports masks that disagree', () => {
    const holed = BEAM.map((response, i) => (i === PLANE / 2 + SIDE / 2 ? NaN : response));
    const verification = verifyPrimaryBeam(sampled(cube([1])), sampled(primaryBeam(1, 1, RECORDS, holed)));
    expect(verification).toMatchObject({ onlyInImage: 1, onlyInBeam: 0 });
  });

  it.each([
    ['elsewhere', skyRecords({ crval: [150.00002, -30] }), false],
    ['on coarser pixels', skyRecords({ pixel: 1.01e-4 }), false],
    ['in another frame', skyRecords().map((text) => text.replace('ICRS', 'FK5 ')), false],
    ['in an unknown projection', skyRecords({ projection: 'CAR' }), null],
    ['a tiny distance away', skyRecords({ crval: [150.000001, -30] }), true],
  ])('reports whether the sky is the same for a primary beam %s', (_, sky, sameSky) => {
    const beam = primaryBeam(1, 1, [...sky, ...CUBE_AXES, ...STOKES_AXIS]);
    expect(verifyPrimaryBeam(sampled(cube([1])), sampled(beam)).sameSky).toBe(sameSky);
  });

  it('is sampled when it is large, and pixels outside the sample are still counted', () => {
    const axes = [400, 400, 4, 1];
    const random = gaussian(6);
    const noise = Array.from({ length: 400 * 400 * 4 }, () => 5 * random());
    const flat = noise.map(() => 0.5);
    const rowOut = flat.map((response, i) => (i >= 400 && i < 800 ? NaN : response));
    const verification = verifyPrimaryBeam(
      sampled(imageFile(axes, noise, RECORDS), 65_536),
      sampled(imageFile(axes, rowOut, RECORDS), 65_536),
    );
    // Every third pixel of every third row.
    expect(verification).toMatchObject({ onlyInImage: 400, onlyInBeam: 0, beamMinimum: 0.5, beamMaximum: 0.5 });
    expect(verification.noise).toMatchObject([{ channels: 4, channelsUsed: 1, pixels: 134 * 134 }]);
    expect(Math.abs((verification.noise[0]?.sigma ?? 0) / 2.5 - 1)).toBeLessThan(0.03);
    expect(verification.noise[0]?.independentBeams).toBeCloseTo((134 * 134 * 9) / 18.13, -2);
  });
});

it.each([
  ['the image', doubleImageFile, imageFile],
  ['its primary beam', imageFile, doubleImageFile],
  ['both', doubleImageFile, doubleImageFile],
])('double precision of %s changes nothing', (_, imageOf, beamOf) => {
  const axes = [SIDE, SIDE, 60, 1];
  const random = gaussian(5);
  // Numbers that are exact in single precision, and more of them than fit into the kernel at once.
  const corrected = Array.from({ length: 60 }, () => BEAM.map((r) => Math.fround(random() / r))).flat();
  const beams = Array.from({ length: 60 }, () => BEAM.map(Math.fround)).flat();
  const single = verifyPrimaryBeam(
    sampled(imageFile(axes, corrected, RECORDS)),
    sampled(imageFile(axes, beams, RECORDS)),
  );
  const verified = verifyPrimaryBeam(sampled(imageOf(axes, corrected, RECORDS)), sampled(beamOf(axes, beams, RECORDS)));
  expect(verified).toEqual({ ...single, image: { ...single.image, bitpix: verified.image.bitpix } });
});

describe('an image without a primary beam', () => {
  it('is measured as it is', () => {
    const random = gaussian(9);
    const dirty = imageFile(
      [SIDE, SIDE],
      Array.from({ length: PLANE }, () => 0.003 * random()),
      [...skyRecords(), ...SYNTHESISED],
    );
    const { noise } = measureNoise(sampled(dirty));
    expect(noise).toMatchObject([{ stokes: null, channels: 1, channelsUsed: 1, pixels: PLANE }]);
    expect(Math.abs((noise[0]?.sigma ?? 0) / 0.003 - 1)).toBeLessThan(0.1);
  });

  it('has no count of beams where its header gives none', () => {
    const { noise } = measureNoise(
      sampled(
        imageFile(
          [20, 20],
          Array.from({ length: 400 }, (_, i) => i % 7),
        ),
      ),
    );
    expect(noise[0]?.independentBeams).toBeNull();
  });
});
