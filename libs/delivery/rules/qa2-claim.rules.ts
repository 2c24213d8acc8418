import { factsOf } from '../inventory/inventory';
import { comparedNoise } from '../measuring/qa2-claims';
import { listed } from '../printable';
import { ruleFamily } from './rule';

/**
 * Rules about what QA2 states of the images that were measured (§4.1, §4.3). None of them refuses: a README's words may
 * be about another box, source or channel width (docs/qa2-verification.md).
 */
export const qa2ClaimRules = ruleFamily([
  {
    code: 'qa2.noise',
    severity: 'warn',
    section: '§4.1',
    needsWhole: true,
    statement: 'Every noise the README states is that of an image before primary beam correction.',
    reason: 'The achieved noise is what QA2 passed on; a noise that no image has was measured elsewhere or otherwise.',
    example: '`README` says `rms is 0.05 mJy/beam`, the images have 0.21 and 1.77 mJy/beam.',
    remedy: 'Measure the noise again in the uncorrected image, and correct the README.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'readme')) {
        for (const { about, noise } of facts.achieved) {
          if (noise === null) continue;
          const measured = inventory.measurements.flatMap((each) => each.noise ?? []);
          const compared = measured.flatMap((each) => comparedNoise(noise.janskyPerBeam, each) ?? []);
          if (compared.length === 0 || compared.some(({ agrees }) => agrees)) continue;
          const message = `the README states a noise that no image has${about === null ? '' : ` (${about})`}`;
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
    statement: 'An image is defined where its primary beam is, and nowhere else.',
    reason: 'The image was divided by the beam: where one of the two has no value the other can have none.',
    example: 'A row of `NGC9999.cont.pbcor.fits` has values where `NGC9999.cont.flux.fits` is NaN.',
    remedy: 'Export both images anew from the same imaging run.',
    *check({ measurements }) {
      for (const { image: file, agreement } of measurements) {
        const { onlyInImage, onlyInBeam } = agreement ?? { onlyInImage: 0, onlyInBeam: 0 };
        if (onlyInImage + onlyInBeam === 0) continue;
        const found = `at least ${onlyInImage} only in the image, ${onlyInBeam} only in the primary beam`;
        const message = 'the image and its primary beam are not defined in the same pixels';
        yield { file, message, expected: 'the same pixels', found };
      }
    },
  },
  {
    code: 'qa2.primary-beam-range',
    severity: 'warn',
    section: '§4.3',
    statement: 'A primary beam lies above 0 and not above 1.',
    reason: 'It is the sensitivity relative to the best direction; other values are not of a primary beam.',
    example: '`NGC9999.cont.flux.fits` has values up to 12.',
    remedy: 'Export the primary beam that the image was corrected by.',
    *check({ measurements }) {
      for (const { image: file, agreement } of measurements) {
        if (agreement === null) continue;
        const { beamNotPositive, beamMinimum, beamMaximum } = agreement;
        if (beamNotPositive === 0 && (beamMaximum ?? 1) <= LARGEST_BEAM) continue;
        const message = 'the primary beam of the image has values it cannot have';
        yield { file, message, expected: 'above 0, at most 1', found: `${beamMinimum} to ${beamMaximum}` };
      }
    },
  },
]);

/** 1, and what single precision and a mosaic's normalisation may add. */
const LARGEST_BEAM = 1.01;

function millijansky(jansky: number): string {
  return `${(jansky * 1e3).toPrecision(3)} mJy/beam`;
}
