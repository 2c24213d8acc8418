import { FitsError } from '../fits.error';
import { Pixels } from '../image/pixel-decoder';
import { ROOM } from '../image/pixel-kernel';
import { robustNoise } from './robust-noise';
import { ValueHistogram } from './value-histogram';

/** A plane with fewer pixels tells nothing about noise. */
const FEWEST_PIXELS = 100;
const MOST_PLANES = 1_000_000;
const MOST_PLANE_PIXELS = 2 ** 32 - 1;

/** Noise of one plane (one channel of one Stokes parameter) of the uncorrected image. */
export interface PlaneNoise {
  /** Position of the plane in the file, from 0. */
  plane: number;
  pixels: number;
  sigma: number;
}

/** What came out over all planes. */
export interface NoiseResult {
  /** Planes whose noise could be measured, in order; those without pixels or without any variation are left out. */
  planes: PlaneNoise[];
  /** Pixels defined in the image alone, and in the primary beam alone: their masks agree when both are 0. */
  onlyInImage: number;
  onlyInBeam: number;
  /** Pixels with an image value where the primary beam is zero or less. */
  beamNotPositive: number;
  beamMinimum: number | null;
  beamMaximum: number | null;
}

/**
 * The noise of the uncorrected image, plane by plane: uncorrected = corrected x primary beam (§4.3), over the pixels
 * where both are defined. Takes the two images side by side in runs of any length and fills a histogram, whatever the
 * size of a plane. Without a primary beam the image itself is measured (`dirty`, calibrators).
 */
export class NoiseEstimator {
  private readonly planes: PlaneNoise[] = [];
  private plane = 0;
  private inPlane = 0;
  private onlyInImage = 0;
  private onlyInBeam = 0;
  private beamNotPositive = 0;
  private beamMinimum = Infinity;
  private beamMaximum = -Infinity;

  /** `planePixels` is NAXIS1 x NAXIS2; throws `fits.limit` for more planes or pixels than can be told apart. */
  constructor(
    private readonly planePixels: number,
    planes: number,
    private readonly histogram: ValueHistogram,
  ) {
    if (planes <= MOST_PLANES && planePixels <= MOST_PLANE_PIXELS) return;
    throw new FitsError('fits.limit', `${planes} planes of ${planePixels} pixels are too many to measure`);
  }

  /** Takes the next pixels of both images: runs of the same length. `beam` is null where there is none. */
  add(image: Pixels, beam: Pixels | null): void {
    const { kernel } = this.histogram;
    let from = 0;
    while (from < image.length) {
      const to = Math.min(image.length, from + ROOM, from + this.planePixels - this.inPlane);
      const run = image.subarray(from, to);
      if (beam) this.multiply(run, beam.subarray(from, to));
      else kernel.tally(kernel.place(run, kernel.image));
      this.inPlane += to - from;
      from = to;
      if (this.inPlane === this.planePixels) this.endPlane();
    }
  }

  result(): NoiseResult {
    const { planes, onlyInImage, onlyInBeam, beamNotPositive } = this;
    const seen = this.beamMinimum <= this.beamMaximum;
    const [beamMinimum, beamMaximum] = seen ? [this.beamMinimum, this.beamMaximum] : [null, null];
    return { planes, onlyInImage, onlyInBeam, beamNotPositive, beamMinimum, beamMaximum };
  }

  private multiply(image: Pixels, beam: Pixels): void {
    const { kernel } = this.histogram;
    const told = kernel.multiply(kernel.place(image, kernel.image), kernel.place(beam, kernel.beam));
    this.onlyInImage += told.onlyInImage;
    this.onlyInBeam += told.onlyInBeam;
    this.beamNotPositive += told.beamNotPositive;
    this.beamMinimum = Math.min(this.beamMinimum, told.beamMinimum);
    this.beamMaximum = Math.max(this.beamMaximum, told.beamMaximum);
  }

  private endPlane(): void {
    const pixels = this.histogram.close();
    const noise = pixels >= FEWEST_PIXELS ? robustNoise(this.histogram, pixels) : null;
    if (noise) this.planes.push({ plane: this.plane, pixels, sigma: noise.sigma });
    this.plane += 1;
    this.inPlane = 0;
  }
}
