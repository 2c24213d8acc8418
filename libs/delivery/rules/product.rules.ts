import { filesWithRole, type Inventory, type InventoryEntry } from '../inventory/inventory';
import type { Role } from '../naming/role';
import { hasItem } from './missing';
import { ruleFamily } from './rule';

/** Images of the science target that can be worked with; beams, masks and moments come with one of them. */
const SCIENCE_IMAGES: readonly Role[] = ['image.pbcor', 'image.dirty', 'image', 'image.singledish'];

export const productRules = ruleFamily([
  {
    code: 'product.science-image',
    severity: 'reject',
    section: '§3',
    statement: 'There is at least one image of the science target, in FITS.',
    reason: 'The imaging products are those on which the QA decision was based (§1).',
    example: '`product/` holds calibrator images only.',
    remedy: 'Add the images that QA2 was decided on to `product/`.',
    *check(inventory) {
      if (!hasItem(inventory, 2) || filesWithRole(inventory, ...SCIENCE_IMAGES).length > 0) return;
      const message = 'there is no image of the science target';
      yield { file: null, message, expected: 'product/*.fits of the target', found: null };
    },
  },
  {
    code: 'product.primary-beam',
    severity: 'reject',
    section: '§4.3',
    statement: 'Every `.pbcor.fits` comes with the primary beam it was corrected by.',
    reason: 'The noise was measured in the uncorrected image, which only the primary beam gives back.',
    example: '`product/NGC9999.cont.flux.fits` is missing.',
    remedy: 'Add the `.flux.fits` (later cycles: `.pb.fits.gz`) of the image to `product/`.',
    *check(inventory) {
      const beams = new Set(filesWithRole(inventory, 'image.pb').map((file) => file.image?.familyKey));
      for (const { path, image } of filesWithRole(inventory, 'image.pbcor')) {
        if (image === null || beams.has(image.familyKey)) continue;
        const message = 'the image has no primary beam';
        yield { file: path, message, expected: beamNames(path), found: null };
      }
    },
  },
  {
    code: 'product.calibrators',
    severity: 'reject',
    section: '§3',
    statement: 'Calibrated by the Pipeline: images of the bandpass and phase calibrators.',
    reason: 'They show the quality of the calibration in the image plane.',
    example: '`product/` holds no `*_ph.spw<n>.fits`.',
    remedy: 'Add `<uid>.<calibrator>_bp.spw<n>.fits` and `..._ph.spw<n>.fits` to `product/`.',
    *check(inventory) {
      if (inventory.mode !== 'pipeline' || !hasItem(inventory, 2) || isTotalPower(inventory)) return;
      for (const [role, suffix] of [
        ['calibrator.bandpass', 'bp'],
        ['calibrator.phase', 'ph'],
      ] as const) {
        if (filesWithRole(inventory, role).length > 0) continue;
        const message = `there is no image of a ${role.slice('calibrator.'.length)} calibrator`;
        yield { file: null, message, expected: `product/<uid>.<calibrator>_${suffix}.spw<n>.fits`, found: null };
      }
    },
  },
]);

/** Total power data have no primary beam, and no interferometric calibrators to image. */
function isTotalPower(inventory: Inventory): boolean {
  const images: readonly InventoryEntry[] = filesWithRole(inventory, ...SCIENCE_IMAGES);
  return images.length > 0 && images.every(({ image }) => image?.family === 'total-power');
}

function beamNames(path: string): string {
  const stem = path.replace(/\.pbcor(?:\.v\d+)?\.fits(?:\.gz)?$/, '');
  return `${stem}.flux.fits or ${stem}.pb.fits.gz`;
}
