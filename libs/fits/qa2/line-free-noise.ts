import { PlaneNoise } from './plane-noise';

/** The noise of an image or cube: the typical sigma of its quietest quarter of channels. */
export interface ImageNoise {
  sigma: number;
  /** Channels of the sample that could be measured, and those the sigma was taken from. */
  channels: number;
  channelsUsed: number;
  /** Pixels of the sample that a channel defines, in the middle of the channels used. */
  pixels: number;
}

const QUIETEST = 1 / 4;

/**
 * Noise over the channels of one Stokes parameter. Lines and the sidelobes they leave only ever add to a channel's
 * sigma, so the line-free channels are the quietest: the median of the quietest quarter is taken (of one channel: its
 * own). Null when no channel could be measured.
 */
export function lineFreeNoise(channels: readonly PlaneNoise[]): ImageNoise | null {
  const quietest = [...channels].sort((a, b) => a.sigma - b.sigma).slice(0, Math.ceil(channels.length * QUIETEST));
  const upper = quietest[Math.floor(quietest.length / 2)];
  const lower = quietest[Math.floor((quietest.length - 1) / 2)];
  if (!upper || !lower) return null;
  const sigma = (lower.sigma + upper.sigma) / 2;
  return { sigma, channels: channels.length, channelsUsed: quietest.length, pixels: lower.pixels };
}
