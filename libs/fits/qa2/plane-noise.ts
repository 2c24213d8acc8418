import { ROOM } from '../image/pixel-kernel';
import type { PixelSample } from './pixel-sample';
import { robustNoise } from './robust-noise';
import { sharedHistogram, type ValueHistogram } from './value-histogram';

/** A plane with fewer pixels tells nothing about noise. */
const FEWEST_PIXELS = 100;

/** Noise of one plane (one channel of one Stokes parameter) of the uncorrected image. */
export interface PlaneNoise {
  /** Position of the plane in the file, from 0. */
  plane: number;
  /** Pixels of the sample that were defined. */
  pixels: number;
  sigma: number;
}

/** What came out over the planes of a sample. */
export interface NoiseOfPlanes {
  /** Planes whose noise could be measured, in order; those without pixels or without any variation are left out. */
  planes: PlaneNoise[];
  /** Pixels defined in the image alone, and in the primary beam alone: the masks agree there when both are 0. */
  onlyInImage: number;
  onlyInBeam: number;
  /** Pixels with an image value where the primary beam is zero or less. */
  beamNotPositive: number;
}

/**
 * The noise of the uncorrected image, plane by plane: uncorrected = corrected x primary beam (§4.3), over the pixels
 * where both are defined; the two samples are of the same places. Without a primary beam the image itself is measured
 * (`dirty`, calibrators).
 */
export function noiseOfPlanes(image: PixelSample, beam: PixelSample | null): NoiseOfPlanes {
  const histogram = sharedHistogram();
  const { lattice, ofPlane, values } = image;
  const told: NoiseOfPlanes = { planes: [], onlyInImage: 0, onlyInBeam: 0, beamNotPositive: 0 };
  for (let at = 0, plane = 0; at < values.length; at += ofPlane, plane += lattice.stride) {
    const end = at + ofPlane;
    for (let from = at; from < end; from += ROOM) {
      const to = Math.min(end, from + ROOM);
      count(histogram, values.subarray(from, to), beam && beam.values.subarray(from, to), told);
    }
    const pixels = histogram.close();
    const noise = pixels >= FEWEST_PIXELS ? robustNoise(histogram, pixels) : null;
    if (noise) told.planes.push({ plane, pixels, sigma: noise.sigma });
  }
  return told;
}

function count({ kernel }: ValueHistogram, image: Float32Array, beam: Float32Array | null, told: NoiseOfPlanes): void {
  const placed = kernel.place(image, kernel.image);
  if (beam === null) return kernel.tally(placed);
  const { onlyInImage, onlyInBeam, beamNotPositive } = kernel.multiply(placed, kernel.place(beam, kernel.beam));
  told.onlyInImage += onlyInImage;
  told.onlyInBeam += onlyInBeam;
  told.beamNotPositive += beamNotPositive;
}
