import { type ImageFacts, isSameSky } from '@almagest/fits';
import { imagesWithBeams } from '../inventory/inventory';
import { ruleFamily } from './rule';

/** Rules about an image together with the primary beam that it was corrected with. */
export const primaryBeamRules = ruleFamily([
  {
    code: 'product.primary-beam-shape',
    severity: 'reject',
    section: '§4.3',
    statement: 'An image and its primary beam have the same shape.',
    reason: 'The uncorrected image is their product, pixel by pixel, so both need the same shape.',
    example: '`NGC9999.cont.flux.fits` has 160 x 160 pixels, but `NGC9999.cont.pbcor.fits` 240 x 240.',
    remedy: 'Export the primary beam that the image was corrected with.',
    *check(inventory) {
      for (const { image, beam, imageFacts, beamFacts } of imagesWithBeams(inventory)) {
        const [expected, found] = [imageFacts.shape.join(' x '), beamFacts.shape.join(' x ')];
        if (expected === found) continue;
        yield { file: beam.path, message: `the primary beam of ${image.path} has a different shape`, expected, found };
      }
    },
  },
  {
    code: 'product.primary-beam-frame',
    severity: 'reject',
    section: '§4.3',
    statement: 'An image and its primary beam cover the same area of the sky.',
    reason: 'Otherwise every pixel was corrected with the beam of another direction.',
    example: '`NGC9999.cont.flux.fits` is one degree east of `NGC9999.cont.pbcor.fits`.',
    remedy: 'Export the primary beam that the image was corrected with.',
    *check(inventory) {
      for (const { image, beam, imageFacts, beamFacts } of imagesWithBeams(inventory)) {
        if (imageFacts.shape.join() !== beamFacts.shape.join() || isSameSky(imageFacts, beamFacts) !== false) continue;
        yield {
          file: beam.path,
          message: `the primary beam of ${image.path} is at a different position on the sky`,
          expected: placeOf(imageFacts),
          found: placeOf(beamFacts),
        };
      }
    },
  },
]);

function placeOf({ sky }: ImageFacts): string {
  const { lon, lat } = sky?.centre ?? sky?.reference ?? { lon: NaN, lat: NaN };
  return `centre ${lon.toFixed(5)}, ${lat.toFixed(5)} deg (${sky?.frame})`;
}
