import { factsOf } from '../inventory/inventory';
import { comparedNoise } from '../measuring/qa2-claims';
import { listed } from '../printable';
import { ruleFamily } from './rule';

/**
 * Rules that compare the statements of QA2 with the measured images (§4.1, §4.3). None of them rejects a delivery: the
 * README may refer to another box, source or channel width (docs/qa2-verification.md).
 */
export const qa2ClaimRules = ruleFamily([
  {
    code: 'qa2.noise',
    severity: 'warn',
    section: '§4.1',
    needsAllFiles: true,
    statement: 'Every noise that the README states matches that of an image before primary beam correction.',
    reason:
      'QA2 passed on the achieved noise; a noise that matches no image was measured in another place or another way.',
    example: '`README` says `rms is 0.05 mJy/beam`, but the images have 0.21 and 1.77 mJy/beam.',
    remedy: 'Measure the noise again in the uncorrected image, and correct the README.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'readme')) {
        for (const { about, noise } of facts.achieved) {
          if (noise === null) continue;
          const measured = inventory.measurements.flatMap((each) => each.noise ?? []);
          const compared = measured.flatMap((each) => comparedNoise(noise.janskyPerBeam, each) ?? []);
          if (compared.length === 0 || compared.some(({ agrees }) => agrees)) continue;
          const message = `the README states a noise that matches no image${about === null ? '' : ` (${about})`}`;
          const expected = listed(new Set(compared.map((each) => millijansky(each.measured))));
          yield { file: file.path, message, expected, found: millijansky(noise.janskyPerBeam) };
        }
      }
    },
  },
  {
    code: 'qa2.masks',
    severity: 'warn',
    section: '§4.3',
    statement: 'An image has values in exactly the pixels where its primary beam has values.',
    reason: 'The image was divided by the beam: where one of the two has no value, the other cannot have one.',
    example: 'A row of `NGC9999.cont.pbcor.fits` has values where `NGC9999.cont.flux.fits` is NaN.',
    remedy: 'Export both images again from the same imaging run.',
    *check({ measurements }) {
      for (const { image: file, agreement } of measurements) {
        const { onlyInImage, onlyInBeam } = agreement ?? { onlyInImage: 0, onlyInBeam: 0 };
        if (onlyInImage + onlyInBeam === 0) continue;
        const found = `at least ${onlyInImage} only in the image, ${onlyInBeam} only in the primary beam`;
        const message = 'the image and its primary beam do not have values in the same pixels';
        yield { file, message, expected: 'the same pixels', found };
      }
    },
  },
  {
    code: 'qa2.primary-beam-range',
    severity: 'warn',
    section: '§4.3',
    statement: 'The values of a primary beam are above 0 and at most 1.',
    reason: 'A primary beam is the sensitivity relative to the best direction, so it has no other values.',
    example: '`NGC9999.cont.flux.fits` has values up to 12.',
    remedy: 'Export the primary beam that the image was corrected with.',
    *check({ measurements }) {
      for (const { image: file, agreement } of measurements) {
        if (agreement === null) continue;
        const { beamNotPositive, beamMinimum, beamMaximum } = agreement;
        if (beamNotPositive === 0 && (beamMaximum ?? 1) <= MAX_BEAM_VALUE) continue;
        const message = 'the primary beam of the image has values outside its range';
        yield { file, message, expected: 'above 0, at most 1', found: `${beamMinimum} to ${beamMaximum}` };
      }
    },
  },
]);

/** 1, plus a margin for single precision and the normalisation of a mosaic. */
const MAX_BEAM_VALUE = 1.01;

function millijansky(jansky: number): string {
  return `${(jansky * 1e3).toPrecision(3)} mJy/beam`;
}
