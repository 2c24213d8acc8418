import { BeamFacts } from '../facts/beam';
import { canonicalUnit } from '../facts/unit';
import { StokesNoise } from './verify-primary-beam';

/** A stated figure, compared with the value measured in the image. */
export interface Comparison {
  agrees: boolean;
  stated: number;
  measured: number;
  /** Stated and measured may differ by this factor: the larger is at most 1 + tolerance times the smaller. */
  tolerance: number;
}

/** A data reducer measures in a box, this code in the whole field, by another method: docs/qa2-verification.md. */
const RMS_TOLERANCE = 0.25;
/** Scatter of sigma for one channel of N beams: 0.9 / sqrt(N), by simulation; twice this is allowed. */
const SCATTER = 0.9;
/** READMEs give a beam with two digits. */
const BEAM_TOLERANCE = 0.1;

const JANSKYS: ReadonlyMap<string, number> = new Map([
  ['Jy/beam', 1],
  ['mJy/beam', 1e-3],
  ['uJy/beam', 1e-6],
]);

/** Returns the value of one BUNIT in Jy/beam; null for another kind of unit, such as K, and for none. */
export function janskysPerBeam(unit: string | null): number | null {
  return JANSKYS.get(unit === null ? '' : canonicalUnit(unit)) ?? null;
}

/**
 * Compares the rms in a README (Jy/beam) with the noise measured in an image of the given BUNIT. Returns null when the
 * image is in another unit, such as K, which cannot be compared.
 */
export function compareRms(statedJy: number, noise: StokesNoise, unit: string | null): Comparison | null {
  const scale = janskysPerBeam(unit);
  if (scale === null) return null;
  return compare(statedJy, noise.sigma * scale, RMS_TOLERANCE + 2 * relativeScatter(noise));
}

/** Returns the random scatter of the sigma of one channel, as a fraction of it. */
export function relativeScatter(noise: Pick<StokesNoise, 'independentBeams'>): number {
  return noise.independentBeams ? SCATTER / Math.sqrt(Math.max(1, noise.independentBeams)) : 0;
}

/** Compares both axes of the beam in a README (arcsec, full widths) with those of the image. */
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
