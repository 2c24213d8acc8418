import { BeamFacts } from '../facts/beam';
import { StokesNoise } from './verify-primary-beam';

/** A figure somebody stated, set against what the image says. */
export interface Comparison {
  agrees: boolean;
  stated: number;
  measured: number;
  /** Stated and measured may differ by this factor: the larger is at most 1 + tolerance times the smaller. */
  tolerance: number;
}

/** Place and way of measuring differ between a data reducer's box and the whole field: docs/qa2-verification.md. */
const RMS_TOLERANCE = 0.25;
/** Scatter of sigma for one channel that holds N beams: 0.9 / sqrt(N), by simulation; two of these are allowed. */
const SCATTER = 0.9;
/** READMEs round a beam to two digits. */
const BEAM_TOLERANCE = 0.1;

const JANSKYS: ReadonlyMap<string, number> = new Map([
  ['Jy/beam', 1],
  ['JY/BEAM', 1],
  ['Jy beam-1', 1],
  ['mJy/beam', 1e-3],
  ['uJy/beam', 1e-6],
]);

/** How many Jy/beam one of this BUNIT is; null for a unit of another kind, such as K, and for none. */
export function janskysPerBeam(unit: string | null): number | null {
  return JANSKYS.get(unit ?? '') ?? null;
}

/**
 * The rms a README states (Jy/beam) against the noise measured in an image of the given BUNIT. Null when the image is
 * in another unit, such as K: then there is nothing to compare.
 */
export function compareRms(statedJy: number, noise: StokesNoise, unit: string | null): Comparison | null {
  const scale = janskysPerBeam(unit);
  if (scale === null) return null;
  return compare(statedJy, noise.sigma * scale, RMS_TOLERANCE + 2 * relativeScatter(noise));
}

/** How far chance alone moves the sigma of one channel, as a fraction of it. */
export function relativeScatter(noise: Pick<StokesNoise, 'independentBeams'>): number {
  return noise.independentBeams ? SCATTER / Math.sqrt(Math.max(1, noise.independentBeams)) : 0;
}

/** The beam a README states (arcsec, full widths) against the image's: its two axes, in this order. */
export function compareBeam(
  stated: { majorArcsec: number; minorArcsec: number },
  beam: BeamFacts,
): [major: Comparison, minor: Comparison] {
  return [
    compare(stated.majorArcsec, beam.majorArcsec, BEAM_TOLERANCE),
    compare(stated.minorArcsec, beam.minorArcsec, BEAM_TOLERANCE),
  ];
}

function compare(stated: number, measured: number, tolerance: number): Comparison {
  const factor = Math.max(stated / measured, measured / stated);
  return { agrees: factor <= 1 + tolerance, stated, measured, tolerance };
}
