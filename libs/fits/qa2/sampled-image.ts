import type { ImageFacts } from '../facts/image-facts';
import type { Statistics } from '../image/image-statistics';
import type { Hdu } from '../reader/hdu';
import { worldAxes } from '../wcs/axis';
import { stokesAxis, stokesNames } from '../wcs/stokes';
import type { PixelSample } from './pixel-sample';

/** How the planes of an image, along its first two axes, follow each other. */
export interface Planes {
  /** Stokes parameters in their order; a single null where the image has no STOKES axis. */
  stokes: (string | null)[];
  /** Planes between one Stokes parameter and the next. */
  apart: number;
}

/** An image as it is measured: what one pass over its file kept of it. */
export interface SampledImage {
  facts: ImageFacts;
  planes: Planes;
  /** Of all its pixels. */
  statistics: Statistics;
  sample: PixelSample;
}

/** The axes after the first two and before that of the Stokes parameters vary faster than these. */
export function planesOf({ header, axes }: Pick<Hdu, 'header' | 'axes'>): Planes {
  const world = worldAxes(header, axes.length);
  const names = stokesNames(world, axes);
  const apart = axes.slice(2, Math.max(2, stokesAxis(world))).reduce((product, length) => product * length, 1);
  return { stokes: names.length > 0 ? names : [null], apart };
}
