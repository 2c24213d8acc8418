import { pixelsPerBeam } from '../facts/beam';
import type { ImageFacts } from '../facts/image-facts';
import type { Statistics } from '../image/image-statistics';
import { separation } from '../wcs/projection';
import type { SampledImage } from './pixel-sample';
import { type ImageNoise, lineFreeNoise, noiseOfPlanes, type PlaneNoise } from './plane-noise';

/** The noise of one Stokes parameter, in the unit of the image. */
export interface StokesNoise extends ImageNoise {
  /** I, Q ..., or null when the image has no STOKES axis. */
  stokes: string | null;
  /** Number of synthesised beams in the pixels of a channel: how many independent values the sigma is based on. */
  independentBeams: number | null;
}

/** The measured noise of an image, with the facts of its header. */
export interface NoiseMeasurement {
  image: ImageFacts;
  noise: StokesNoise[];
}

/** The result of comparing a corrected image with its primary beam (§4.3). */
export interface PrimaryBeamVerification extends NoiseMeasurement {
  /** Same number of pixels along every axis. Otherwise nothing below is measured. */
  sameShape: boolean;
  /** The result of `isSameSky`. */
  sameSky: boolean | null;
  beamShape: number[];
  /** Lower limits for the pixels defined in only one of the two; the masks agree when both are 0. */
  onlyInImage: number;
  onlyInBeam: number;
  /** Pixels of the sample with an image value where the primary beam is zero or less. */
  beamNotPositive: number;
  /** Range of the primary beam: within 0 and 1 for a valid one. */
  beamMinimum: number | null;
  beamMaximum: number | null;
}

const ALIGNED_PIXELS = 0.1;

/**
 * Measures the noise of the uncorrected image, corrected x primary beam (§4.1, §4.3), and compares the two files. The
 * method and its limits: docs/qa2-verification.md.
 */
export function verifyPrimaryBeam(image: SampledImage, beam: SampledImage): PrimaryBeamVerification {
  const [imageShape, beamShape] = [image.facts.shape, beam.facts.shape];
  const sameShape = imageShape.length === beamShape.length && imageShape.every((n, i) => n === beamShape[i]);
  const common = { image: image.facts, sameShape, sameSky: isSameSky(image.facts, beam.facts), beamShape };
  if (!sameShape) return { ...common, ...NOT_MEASURED };
  const { planes, onlyInImage, onlyInBeam, beamNotPositive } = noiseOfPlanes(image.sample, beam.sample);
  const more = defined(image.statistics) - defined(beam.statistics);
  return {
    ...common,
    noise: stokesNoise(image, planes),
    // The sample shows differences between the masks; the count over all pixels shows which image defines more.
    onlyInImage: Math.max(onlyInImage, more),
    onlyInBeam: Math.max(onlyInBeam, -more),
    beamNotPositive,
    beamMinimum: beam.statistics.minimum,
    beamMaximum: beam.statistics.infinitePixels > 0 ? Infinity : beam.statistics.maximum,
  };
}

/** Measures the noise of an image that was not corrected for the primary beam: `dirty` images and calibrators. */
export function measureNoise(image: SampledImage): NoiseMeasurement {
  return { image: image.facts, noise: stokesNoise(image, noiseOfPlanes(image.sample, null).planes) };
}

const NOT_MEASURED = {
  noise: [],
  onlyInImage: 0,
  onlyInBeam: 0,
  beamNotPositive: 0,
  beamMinimum: null,
  beamMaximum: null,
} satisfies Partial<PrimaryBeamVerification>;

function defined({ pixels, undefinedPixels }: Statistics): number {
  return pixels - undefinedPixels;
}

/** Measures each Stokes parameter on its own, so that a quiet V does not hide a noisy I. */
function stokesNoise(image: SampledImage, planes: readonly PlaneNoise[]): StokesNoise[] {
  const { stokes: parameters, stokesStride } = image.planes;
  return parameters.flatMap((stokes, i) => {
    const own = planes.filter(({ plane }) => Math.floor(plane / stokesStride) % parameters.length === i);
    const noise = lineFreeNoise(own);
    return noise ? [{ ...noise, stokes, independentBeams: independentBeams(image, noise.pixels) }] : [];
  });
}

/** Each of the `pixels` of the sample represents a square of the image; at most all of them are independent. */
function independentBeams({ facts, sample }: SampledImage, pixels: number): number | null {
  if (!facts.beam || !facts.sky) return null;
  const beams = (pixels * sample.lattice.step ** 2) / pixelsPerBeam(facts.beam, facts.sky.pixelArcsec);
  return Number.isFinite(beams) ? Math.min(beams, pixels) : null;
}

/**
 * Returns true when frames are equal and corners agree to a tenth of a pixel of `a`; null for an unknown projection.
 */
export function isSameSky(a: ImageFacts, b: ImageFacts): boolean | null {
  const [here, there] = [a.sky, b.sky];
  if (!here?.footprint || !there?.footprint) return null;
  const reach = (ALIGNED_PIXELS * Math.min(...here.pixelArcsec)) / 3600;
  const corners = there.footprint;
  return (
    here.frame === there.frame && here.footprint.every((corner, i) => separation(corner, corners[i] ?? corner) <= reach)
  );
}
