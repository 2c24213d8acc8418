import { compareBeam, compareRms, type Comparison, type NoiseMeasurement } from '@almagest/fits';
import type { ImageStatement } from '../facts/file-facts';
import type { Claim, MeasuredImage, Measurement } from '../facts/qa2-claim';

/** Converts a measurement to the form of a report. */
export function summaryOf({ image, primaryBeam, noise, agreement, problem }: Measurement): MeasuredImage {
  const result = noise && {
    unit: noise.image.unit,
    beam: noise.image.beam && {
      majorArcsec: noise.image.beam.majorArcsec,
      minorArcsec: noise.image.beam.minorArcsec,
      positionAngleDeg: noise.image.beam.paDeg,
    },
    noise: noise.noise,
    agreement: agreement && agreementOf(agreement),
  };
  return { file: image, primaryBeam, result, problem };
}

function agreementOf({
  sameShape,
  sameSky,
  onlyInImage,
  onlyInBeam,
  beamMinimum,
  beamMaximum,
}: NonNullable<Measurement['agreement']>): NonNullable<MeasuredImage['result']>['agreement'] {
  return { sameShape, sameSky, onlyInImage, onlyInBeam, beamMinimum, beamMaximum };
}

/** Returns the statements of the README (§4.1), each with the measured image that matches best. */
export function claimsOf(achieved: readonly ImageStatement[], measurements: readonly Measurement[]): Claim[] {
  return achieved.map((statement) => {
    const compared = measurements.flatMap((each) => compare(statement, each)).sort((a, b) => a.misfit - b.misfit);
    return { ...statement, nearest: compared[0]?.nearest ?? null };
  });
}

/** Compares a stated noise in Jy/beam with that of an image in Stokes I; null when the image is in another unit. */
export function comparedNoise(stated: number, { image, noise }: NoiseMeasurement): Comparison | null {
  const intensity = noise.find(({ stokes }) => stokes === null || stokes === 'I');
  return intensity ? compareRms(stated, intensity, image.unit) : null;
}

/** Compares a statement with an image; `misfit` is the product of all ratios. Empty when nothing can be compared. */
function compare(
  { beam, noise }: ImageStatement,
  { image, noise: measured }: Measurement,
): { nearest: NonNullable<Claim['nearest']>; misfit: number }[] {
  if (measured === null) return [];
  const beams = beam && measured.image.beam ? compareBeam(beam, measured.image.beam) : [];
  const rms = noise && comparedNoise(noise.janskyPerBeam, measured);
  const all = rms ? [...beams, rms] : [...beams];
  if (all.length === 0) return [];
  const beamAgrees = beams.length === 0 ? null : beams.every(({ agrees }) => agrees);
  const misfit = all.reduce((product, { stated, measured: m }) => product * Math.max(stated / m, m / stated), 1);
  return [{ nearest: { file: image, beamAgrees, noiseAgrees: rms && rms.agrees }, misfit }];
}
