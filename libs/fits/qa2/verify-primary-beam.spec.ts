import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { gaussian } from '../testing/gaussian.fixture';
import {
  doubleImageFile,
  headerBytes,
  imageFile,
  primaryRecords,
  record,
  skyRecords,
} from '../testing/fits-file.fixture';
import { FitsSource } from './image-stream';
import { measureNoise, verifyPrimaryBeam } from './verify-primary-beam';

const SIDE = 30;
const PLANE = SIDE * SIDE;
const BEAM = Array.from({ length: PLANE }, (_, i) => {
  const [x, y] = [(i % SIDE) - SIDE / 2, Math.floor(i / SIDE) - SIDE / 2];
  const response = Math.exp(-(x * x + y * y) / 150);
  return response < 0.2 ? NaN : response;
});
/** A beam of 4 pixels across. */
const SYNTHESISED = [record('BMAJ', 4e-4), record('BMIN', 4e-4), record('BPA', 0)];
const CUBE_AXES = [record('CTYPE3', 'FREQ'), record('CRVAL3', 2.3e11), record('CDELT3', 1e6), record('CUNIT3', 'Hz')];
const STOKES_AXIS = [record('CTYPE4', 'STOKES'), record('CRVAL4', 1), record('CRPIX4', 1), record('CDELT4', 1)];
const RECORDS = [...skyRecords(), ...SYNTHESISED, ...CUBE_AXES, ...STOKES_AXIS];

/** A corrected cube of these noise levels, its Stokes parameters last. */
function cube(sigmas: readonly number[], stokes = 1, records = RECORDS): Buffer {
  const random = gaussian(3);
  const values = sigmas.flatMap((sigma) => BEAM.map((response) => (sigma * random()) / response));
  return imageFile([SIDE, SIDE, sigmas.length / stokes, stokes], values, records);
}

function primaryBeam(planes: number, stokes = 1, records = RECORDS, beam = BEAM): Buffer {
  const values = Array.from({ length: planes }, () => beam).flat();
  return imageFile([SIDE, SIDE, planes / stokes, stokes], values, records);
}

/** A source in chunks of a length of its own. */
function source(bytes: Buffer, chunk = 4096, opened: Readable[] = []): FitsSource {
  return {
    open: () => {
      const count = Math.ceil(bytes.length / chunk);
      const stream = Readable.from(Array.from({ length: count }, (_, i) => bytes.subarray(i * chunk, (i + 1) * chunk)));
      opened.push(stream);
      return stream;
    },
  };
}

describe('an image against its primary beam', () => {
  it('has the noise of its line-free channels before correction', async () => {
    const verification = await verifyPrimaryBeam(source(cube([1, 1, 3, 4, 5, 3, 2, 2])), source(primaryBeam(8)));
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

  it('comes out the same however the two files arrive', async () => {
    const [image, beam] = [cube([1, 2, 3]), primaryBeam(3)];
    const whole = await verifyPrimaryBeam(source(image, 1e6), source(beam, 1e6));
    expect(await verifyPrimaryBeam(source(image, 1001), source(beam, 337))).toEqual(whole);
    const packed: FitsSource = { ...source(gzipSync(beam), 1000), compression: 'gzip' };
    expect(await verifyPrimaryBeam(source(image), packed)).toEqual(whole);
  });

  it('is measured for each Stokes parameter on its own', async () => {
    const { noise } = await verifyPrimaryBeam(source(cube([8, 8, 1, 1], 2)), source(primaryBeam(4, 2)));
    expect(noise.map(({ stokes, sigma }) => [stokes, sigma > 4])).toEqual([
      ['I', true],
      ['Q', false],
    ]);
  });

  it('is measured for each Stokes parameter where these come before the channels', async () => {
    const swapped = RECORDS.map((text) =>
      text.replace(/^(C[A-Z]+)([34])/, (_, root: string, n) => root + (n === '3' ? '4' : '3')),
    );
    const random = gaussian(4);
    const values = [8, 1, 8, 1].flatMap((sigma) => BEAM.map((response) => (sigma * random()) / response));
    const image = imageFile([SIDE, SIDE, 2, 2], values, swapped);
    const { noise } = await verifyPrimaryBeam(source(image), source(primaryBeam(4, 2, swapped)));
    expect(noise.map(({ stokes, sigma }) => [stokes, sigma > 4])).toEqual([
      ['I', true],
      ['Q', false],
    ]);
  });

  it('is not measured against a primary beam of another shape', async () => {
    const verification = await verifyPrimaryBeam(source(cube([1, 1])), source(primaryBeam(1)));
    expect(verification).toMatchObject({
      sameShape: false,
      noise: [],
      beamShape: [SIDE, SIDE, 1, 1],
      beamMinimum: null,
    });
  });

  it('tells masks that disagree', async () => {
    const holed = BEAM.map((response, i) => (i === PLANE / 2 + SIDE / 2 ? NaN : response));
    const verification = await verifyPrimaryBeam(source(cube([1])), source(primaryBeam(1, 1, RECORDS, holed)));
    expect(verification).toMatchObject({ onlyInImage: 1, onlyInBeam: 0 });
  });

  it.each([
    ['elsewhere', skyRecords({ crval: [150.00002, -30] }), false],
    ['on coarser pixels', skyRecords({ pixel: 1.01e-4 }), false],
    ['in another frame', skyRecords().map((text) => text.replace('ICRS', 'FK5 ')), false],
    ['in a projection that is not known', skyRecords({ projection: 'CAR' }), null],
    ['a hair aside', skyRecords({ crval: [150.000001, -30] }), true],
  ])('is told when the primary beam lies %s', async (_, sky, sameSky) => {
    const beam = primaryBeam(1, 1, [...sky, ...CUBE_AXES, ...STOKES_AXIS]);
    expect((await verifyPrimaryBeam(source(cube([1])), source(beam))).sameSky).toBe(sameSky);
  });

  it.each([
    ['no image', headerBytes(primaryRecords(8, [])), 'fits.no-image'],
    ['no FITS', Buffer.from('junk'), 'fits.not-fits'],
    ['half an image', primaryBeam(1).subarray(0, 6000), 'fits.truncated'],
  ])('is refused where the primary beam is %s, and both files are let go', async (_, beam, code) => {
    const opened: Readable[] = [];
    const verification = verifyPrimaryBeam(source(cube([1]), 4096, opened), source(beam, 4096, opened));
    await expect(verification).rejects.toMatchObject({ code });
    expect(opened.map((stream) => stream.destroyed)).toEqual([true, true]);
  });

  it('ends with the error of a stream that is destroyed on the way', async () => {
    const stopped = new Error('stopped');
    const opened: Readable[] = [];
    const [image, beam] = [source(cube([1, 1]), 512, opened), source(primaryBeam(2), 512, opened)];
    const verification = verifyPrimaryBeam(image, {
      open: () => {
        const stream = beam.open();
        opened[0]?.destroy(stopped);
        return stream;
      },
    });
    await expect(verification).rejects.toBe(stopped);
    expect(opened.map((stream) => stream.destroyed)).toEqual([true, true]);
  });

  it('passes errors of a source on as they are', async () => {
    const failed = new Error('the store is away');
    const broken: FitsSource = { open: () => Promise.reject(failed) };
    await expect(verifyPrimaryBeam(source(cube([1])), broken)).rejects.toBe(failed);
  });
});

it.each([
  ['the image', doubleImageFile, imageFile],
  ['its primary beam', imageFile, doubleImageFile],
  ['both', doubleImageFile, doubleImageFile],
])('double precision of %s changes nothing', async (_, imageOf, beamOf) => {
  const axes = [SIDE, SIDE, 60, 1];
  const random = gaussian(5);
  // Numbers that single precision has too, and more of them than there is room for at once.
  const corrected = Array.from({ length: 60 }, () => BEAM.map((r) => Math.fround(random() / r))).flat();
  const beams = Array.from({ length: 60 }, () => BEAM.map(Math.fround)).flat();
  const single = await verifyPrimaryBeam(
    source(imageFile(axes, corrected, RECORDS)),
    source(imageFile(axes, beams, RECORDS)),
  );
  const verified = await verifyPrimaryBeam(
    source(imageOf(axes, corrected, RECORDS)),
    source(beamOf(axes, beams, RECORDS)),
  );
  expect(verified).toEqual({ ...single, image: { ...single.image, bitpix: verified.image.bitpix } });
});

describe('an image without a primary beam', () => {
  it('is measured as it is', async () => {
    const random = gaussian(9);
    const dirty = imageFile(
      [SIDE, SIDE],
      Array.from({ length: PLANE }, () => 0.003 * random()),
      [...skyRecords(), ...SYNTHESISED],
    );
    const { noise } = await measureNoise(source(dirty));
    expect(noise).toMatchObject([{ stokes: null, channels: 1, channelsUsed: 1, pixels: PLANE }]);
    expect(Math.abs((noise[0]?.sigma ?? 0) / 0.003 - 1)).toBeLessThan(0.1);
  });

  it('has no count of beams where its header gives none', async () => {
    const { noise } = await measureNoise(
      source(
        imageFile(
          [20, 20],
          Array.from({ length: 400 }, (_, i) => i % 7),
        ),
      ),
    );
    expect(noise[0]?.independentBeams).toBeNull();
  });
});
