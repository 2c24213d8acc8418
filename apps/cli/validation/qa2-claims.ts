import type { ImageStatement } from '@almagest/delivery';
import { compareBeam, type BeamFacts, compareRms, type Comparison } from '@almagest/fits';
import type { Claim, MeasuredImage } from './validation-document';

type Measured = MeasuredImage & { result: NonNullable<MeasuredImage['result']> };

/** What the README states (§4.1), each statement beside the measured image that it fits best. */
export function claimsOf(achieved: readonly ImageStatement[], images: readonly MeasuredImage[]): Claim[] {
  const measured = images.filter((image): image is Measured => image.result !== null);
  return achieved.map((statement) => {
    const compared = measured.flatMap((image) => compare(statement, image)).sort((a, b) => a.misfit - b.misfit);
    return { ...statement, nearest: compared[0]?.nearest ?? null };
  });
}

/** How a statement compares with an image, and by which factor it is off in all; none where nothing can be compared. */
function compare(
  { beam, noise }: ImageStatement,
  { file, result }: Measured,
): { nearest: NonNullable<Claim['nearest']>; misfit: number }[] {
  const beams = beam && result.beam ? compareBeam(beam, asBeamFacts(result.beam)) : [];
  const intensity = result.noise.find(({ stokes }) => stokes === null || stokes === 'I');
  const rms = noise && intensity ? compareRms(noise.janskyPerBeam, intensity, result.unit) : null;
  const all = [...beams, ...(rms === null ? [] : [rms])];
  if (all.length === 0) return [];
  const agrees = (some: readonly Comparison[]): boolean | null =>
    some.length === 0 ? null : some.every((each) => each.agrees);
  return [
    {
      nearest: { file, beamAgrees: agrees(beams), noiseAgrees: agrees(rms === null ? [] : [rms]) },
      misfit: all.reduce(
        (product, { stated, measured }) => product * Math.max(stated / measured, measured / stated),
        1,
      ),
    },
  ];
}

function asBeamFacts(beam: { majorArcsec: number; minorArcsec: number; positionAngleDeg: number | null }): BeamFacts {
  const one = { ...beam, paDeg: beam.positionAngleDeg ?? 0 };
  return { ...one, count: 1, smallest: one, largest: one };
}
