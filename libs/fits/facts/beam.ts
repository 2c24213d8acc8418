import { FitsHeader } from '../header/fits-header';

/** A synthesised beam: full widths at half maximum in arcsec, position angle in degrees, north through east. */
export interface Beam {
  majorArcsec: number;
  minorArcsec: number;
  paDeg: number;
}

/** The beams of an image: one in the header, or one for each channel (and Stokes) in a BEAMS table. */
export interface BeamFacts extends Beam {
  /** How many the file gives: 1 from the header, the rows of the table otherwise. The beam above is their median. */
  count: number;
  /** The smallest and the largest by area; the same as the median where there is one. */
  smallest: Beam;
  largest: Beam;
}

const ARCSEC_PER_DEGREE = 3600;

/** BMAJ, BMIN (degrees) and BPA of the header, as CASA, AIPS and MIRIAD write them; null when there is no beam. */
export function headerBeam(header: FitsHeader): BeamFacts | null {
  const [major, minor] = [header.number('BMAJ'), header.number('BMIN')];
  if (major === null || minor === null || !(minor > 0) || !(major >= minor) || major > 180) return null;
  const beam = {
    majorArcsec: major * ARCSEC_PER_DEGREE,
    minorArcsec: minor * ARCSEC_PER_DEGREE,
    paDeg: header.number('BPA') ?? 0,
  };
  return { ...beam, count: 1, smallest: beam, largest: beam };
}

/**
 * The median of each of the three parameters over all beams. This is what stands for a cube: position angles are
 * brought within 90 degrees of the first one before, as -89 and 89 are neighbours. Null for no beam.
 */
export function medianBeam(beams: readonly Beam[]): BeamFacts | null {
  const first = beams[0];
  if (!first) return null;
  const angles = beams.map(({ paDeg }) => paDeg - 180 * Math.round((paDeg - first.paDeg) / 180));
  const area = (beam: Beam): number => beam.majorArcsec * beam.minorArcsec;
  return {
    majorArcsec: median(beams.map((beam) => beam.majorArcsec)),
    minorArcsec: median(beams.map((beam) => beam.minorArcsec)),
    paDeg: median(angles),
    count: beams.length,
    smallest: beams.reduce((best, beam) => (area(beam) < area(best) ? beam : best)),
    largest: beams.reduce((best, beam) => (area(beam) > area(best) ? beam : best)),
  };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
  return (lower + upper) / 2;
}

/** Pixels under the beam: the solid angle of a Gaussian, pi / (4 ln 2) x major x minor, over that of a pixel. */
export function pixelsPerBeam(beam: Beam, [width, height]: readonly [number, number]): number {
  return ((Math.PI / (4 * Math.LN2)) * beam.majorArcsec * beam.minorArcsec) / (width * height);
}
