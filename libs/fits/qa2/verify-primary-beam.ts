import { pixelsPerBeam } from '../facts/beam';
import { ImageFacts } from '../facts/image-facts';
import { Pixels } from '../image/pixel-decoder';
import { Hdu } from '../reader/hdu';
import { FitsLimits } from '../reader/limits';
import { worldAxes } from '../wcs/axis';
import { separation } from '../wcs/projection';
import { stokesAxis, stokesNames } from '../wcs/stokes';
import { FitsSource, ImageStream } from './image-stream';
import { ImageNoise, lineFreeNoise } from './line-free-noise';
import { NoiseEstimator, NoiseResult, PlaneNoise } from './noise-estimator';
import { lendHistogram, ValueHistogram } from './value-histogram';

/** The noise of one Stokes parameter, in the unit of the image. */
export interface StokesNoise extends ImageNoise {
  /** I, Q ..., or null where the image has no STOKES axis. */
  stokes: string | null;
  /** Synthesised beams in the pixels of a channel: how many independent values the sigma rests on. */
  independentBeams: number | null;
}

/** The noise of an image as measured, with the facts of its header. */
export interface NoiseMeasurement {
  image: ImageFacts;
  noise: StokesNoise[];
}

/** What came out of setting a corrected image against its primary beam (§4.3). */
export interface PrimaryBeamVerification extends NoiseMeasurement {
  /** Same number of pixels along every axis. Without it nothing below is measured. */
  sameShape: boolean;
  /** As by `isSameSky`. */
  sameSky: boolean | null;
  beamShape: number[];
  /** Pixels that only one of the two defines; the masks agree when both are 0. */
  onlyInImage: number;
  onlyInBeam: number;
  beamNotPositive: number;
  /** Range of the primary beam: within 0 and 1 when it is one. */
  beamMinimum: number | null;
  beamMaximum: number | null;
}

const ALIGNED_PIXELS = 0.1;

/**
 * Measures the noise of the uncorrected image, corrected x primary beam (§4.1, §4.3), and how well the two files fit
 * together. Both are read once, side by side, from start to end; memory is bounded whatever their size. The method
 * and its limits: docs/qa2-verification.md. Throws `FitsError`; errors of the sources pass through.
 */
export async function verifyPrimaryBeam(
  corrected: FitsSource,
  primaryBeam: FitsSource,
  limits: Partial<FitsLimits> = {},
): Promise<PrimaryBeamVerification> {
  return lendHistogram(async (histogram) => {
    const { kernel } = histogram;
    const image = await ImageStream.open(corrected, kernel, kernel.image, limits);
    try {
      const beam = await ImageStream.open(primaryBeam, kernel, kernel.beam, limits);
      try {
        return await compare(image, beam, histogram);
      } finally {
        await beam.close();
      }
    } finally {
      await image.close();
    }
  });
}

/** Measures the noise of an image that was not corrected for the primary beam: `dirty` images and calibrators. */
export async function measureNoise(source: FitsSource, limits: Partial<FitsLimits> = {}): Promise<NoiseMeasurement> {
  return lendHistogram(async (histogram) => {
    const image = await ImageStream.open(source, histogram.kernel, histogram.kernel.image, limits);
    try {
      const estimator = estimatorFor(image.image(), histogram);
      for (let run = await image.next(); run; run = await image.next()) estimator.add(run, null);
      const facts = await image.finish();
      return { image: facts, noise: stokesNoise(image.image(), facts, estimator.result().planes) };
    } finally {
      await image.close();
    }
  });
}

async function compare(
  image: ImageStream,
  beam: ImageStream,
  histogram: ValueHistogram,
): Promise<PrimaryBeamVerification> {
  const [imageShape, beamShape] = [image.image().axes, beam.image().axes];
  const sameShape = imageShape.length === beamShape.length && imageShape.every((n, i) => n === beamShape[i]);
  const result = sameShape ? await multiply(image, beam, histogram) : NOTHING;
  const [facts, beamFacts] = [await image.finish(), await beam.finish()];
  const { planes, ...agreement } = result;
  return {
    image: facts,
    noise: stokesNoise(image.image(), facts, planes),
    sameShape,
    sameSky: isSameSky(facts, beamFacts),
    beamShape,
    ...agreement,
  };
}

const NOTHING: NoiseResult = {
  planes: [],
  onlyInImage: 0,
  onlyInBeam: 0,
  beamNotPositive: 0,
  beamMinimum: null,
  beamMaximum: null,
};

function estimatorFor(hdu: Hdu, histogram: ValueHistogram): NoiseEstimator {
  const [width = 0, height = 0, ...others] = hdu.axes;
  return new NoiseEstimator(
    width * height,
    others.reduce((product, length) => product * length, 1),
    histogram,
  );
}

/** Walks both images in step: their chunks break at different pixels. */
async function multiply(image: ImageStream, beam: ImageStream, histogram: ValueHistogram): Promise<NoiseResult> {
  const estimator = estimatorFor(image.image(), histogram);
  let [left, right]: [Pixels | null, Pixels | null] = [await image.next(), await beam.next()];
  while (left && right) {
    const length = Math.min(left.length, right.length);
    estimator.add(left.subarray(0, length), right.subarray(0, length));
    left = length < left.length ? left.subarray(length) : await image.next();
    right = length < right.length ? right.subarray(length) : await beam.next();
  }
  return estimator.result();
}

/** Noise of each Stokes parameter on its own: a bright I must not hide behind a quiet V. */
function stokesNoise(hdu: Hdu, facts: ImageFacts, planes: readonly PlaneNoise[]): StokesNoise[] {
  const axes = worldAxes(hdu.header, hdu.axes.length);
  const names = stokesNames(axes, hdu.axes);
  const position = stokesAxis(axes);
  // Planes between one Stokes parameter and the next: the axes after the first two and before it.
  const stride = hdu.axes.slice(2, Math.max(2, position)).reduce((product, length) => product * length, 1);
  const parameters = names.length > 0 ? names : [null];
  return parameters.flatMap((stokes, i) => {
    const own = planes.filter(({ plane }) => Math.floor(plane / stride) % parameters.length === i);
    const noise = lineFreeNoise(own);
    return noise ? [{ ...noise, stokes, independentBeams: independentBeams(facts, noise.pixels) }] : [];
  });
}

function independentBeams(facts: ImageFacts, pixels: number): number | null {
  if (!facts.beam || !facts.sky) return null;
  const beams = pixels / pixelsPerBeam(facts.beam, facts.sky.pixelArcsec);
  return Number.isFinite(beams) ? beams : null;
}

/** Same frame and corners to a tenth of a pixel of the first; null where a projection is not known. */
export function isSameSky(a: ImageFacts, b: ImageFacts): boolean | null {
  const [here, there] = [a.sky, b.sky];
  if (!here?.footprint || !there?.footprint) return null;
  const reach = (ALIGNED_PIXELS * Math.min(...here.pixelArcsec)) / 3600;
  const corners = there.footprint;
  return (
    here.frame === there.frame && here.footprint.every((corner, i) => separation(corner, corners[i] ?? corner) <= reach)
  );
}
