import { CAPACITY } from '../image/pixel-kernel';
import type { PixelSample } from './pixel-sample';
import { robustNoise, sharedHistogram, type ValueHistogram } from './robust-noise';

/** A plane with fewer pixels is not measured. */
const MIN_PIXELS = 100;

/** Noise of one plane (one channel of one Stokes parameter) of the uncorrected image. */
export interface PlaneNoise {
  /** Position of the plane in the file, from 0. */
  plane: number;
  /** Defined pixels of the sample. */
  pixels: number;
  sigma: number;
}

/** The result for the planes of a sample. */
export interface NoiseOfPlanes {
  /** Measured planes in order; planes with too few pixels or without variation are left out. */
  planes: PlaneNoise[];
  /** Pixels defined only in the image, and only in the primary beam: the masks agree when both are 0. */
  onlyInImage: number;
  onlyInBeam: number;
  /** Pixels with an image value where the primary beam is zero or less. */
  beamNotPositive: number;
}

/**
 * Measures the noise of the uncorrected image plane by plane: uncorrected = corrected x primary beam (§4.3), over the
 * pixels where both are defined. Both samples have the same lattice. Without a primary beam, measures the image itself
 * (`dirty`, calibrators).
 */
export function noiseOfPlanes(image: PixelSample, beam: PixelSample | null): NoiseOfPlanes {
  const histogram = sharedHistogram();
  const { lattice, pixelsPerPlane, values } = image;
  const result: NoiseOfPlanes = { planes: [], onlyInImage: 0, onlyInBeam: 0, beamNotPositive: 0 };
  for (let at = 0, plane = 0; at < values.length; at += pixelsPerPlane, plane += lattice.stride) {
    const end = at + pixelsPerPlane;
    for (let from = at; from < end; from += CAPACITY) {
      const to = Math.min(end, from + CAPACITY);
      count(histogram, values.subarray(from, to), beam && beam.values.subarray(from, to), result);
    }
    const pixels = histogram.close();
    const noise = pixels >= MIN_PIXELS ? robustNoise(histogram, pixels) : null;
    if (noise) result.planes.push({ plane, pixels, sigma: noise.sigma });
  }
  return result;
}

function count(
  { kernel }: ValueHistogram,
  image: Float32Array,
  beam: Float32Array | null,
  result: NoiseOfPlanes,
): void {
  const placed = kernel.place(image, kernel.image);
  if (beam === null) return kernel.tally(placed);
  const { onlyInImage, onlyInBeam, beamNotPositive } = kernel.multiply(placed, kernel.place(beam, kernel.beam));
  result.onlyInImage += onlyInImage;
  result.onlyInBeam += onlyInBeam;
  result.beamNotPositive += beamNotPositive;
}

/** The noise of an image or cube: the typical sigma of its quietest quarter of channels. */
export interface ImageNoise {
  sigma: number;
  /** Measured channels of the sample, and those used for the sigma. */
  channels: number;
  channelsUsed: number;
  /** Defined pixels of the sample in the median channel of those used. */
  pixels: number;
}

const QUIETEST_FRACTION = 1 / 4;

/**
 * Returns the noise of one Stokes parameter from its channels. Lines and their sidelobes always increase the sigma of a
 * channel, so the line-free channels are the quietest: the result is the median of the quietest quarter (for one
 * channel, its own sigma). Null when no channel was measured.
 */
export function lineFreeNoise(channels: readonly PlaneNoise[]): ImageNoise | null {
  const quietest = [...channels]
    .sort((a, b) => a.sigma - b.sigma)
    .slice(0, Math.ceil(channels.length * QUIETEST_FRACTION));
  const upper = quietest[Math.floor(quietest.length / 2)];
  const lower = quietest[Math.floor((quietest.length - 1) / 2)];
  if (!upper || !lower) return null;
  const sigma = (lower.sigma + upper.sigma) / 2;
  return { sigma, channels: channels.length, channelsUsed: quietest.length, pixels: lower.pixels };
}
