import { groupBy } from '../group-by';
import { filesWithRole, type Inventory, type InventoryEntry } from '../inventory/inventory';
import type { SpectralMode } from '../naming/classification';
import { primaryBeamOf } from '../naming/primary-beam';
import type { Role } from '../naming/role';
import { listed } from '../printable';
import { ruleFamily, type Violation } from './rule';
import { hasItem } from './violations';

/** Images of the science target that a PI can work with; beams, masks and moments accompany one of them. */
const SCIENCE_IMAGES: readonly Role[] = ['image.pbcor', 'image.dirty', 'image', 'image.singledish'];

/** The role of calibrator images, what they calibrate, and the suffix in their names. */
const IMAGED_CALIBRATORS = [
  ['calibrator.bandpass', 'bandpass', 'bp'],
  ['calibrator.phase', 'phase', 'ph'],
] as const;

export const productRules = ruleFamily([
  {
    code: 'product.science-image',
    severity: 'reject',
    section: '§3',
    needsAllFiles: true,
    statement: 'There is at least one image of the science target, in FITS.',
    reason: 'The QA decision was based on the imaging products (§1).',
    example: '`product/` contains only calibrator images.',
    remedy: 'Add the images that the QA2 decision was based on to `product/`.',
    *check(inventory) {
      if (!hasItem(inventory, 2) || filesWithRole(inventory, ...SCIENCE_IMAGES).some(showsSky(inventory))) return;
      const message = 'there is no image of the science target';
      yield { file: null, message, expected: 'product/*.fits of the target', found: null };
    },
  },
  {
    code: 'product.primary-beam',
    severity: 'reject',
    section: '§4.3',
    needsAllFiles: true,
    statement: 'Every `.pbcor.fits` has the primary beam that it was corrected with.',
    reason: 'The noise was measured in the uncorrected image, which can be recovered only with the primary beam.',
    example: '`product/NGC9999.cont.flux.fits` is missing.',
    remedy: 'Add the `.flux.fits` (later cycles: `.pb.fits.gz`) of the image to `product/`.',
    *check(inventory) {
      const beams = groupBy(filesWithRole(inventory, 'image.pb'), ({ image }) => image?.familyKey);
      for (const file of filesWithRole(inventory, 'image.pbcor')) {
        const ofFamily = beams.get(file.image?.familyKey) ?? [];
        if (file.image === null || primaryBeamOf(file, ofFamily) !== null) continue;
        const message = 'the image has no primary beam';
        const found = ofFamily.length === 0 ? null : listed(ofFamily.map(({ path }) => path));
        yield { file: file.path, message, expected: beamNames(file.path), found };
      }
    },
  },
  {
    code: 'product.calibrators',
    severity: 'reject',
    section: '§3',
    needsAllFiles: true,
    statement: 'Calibrated by the Pipeline: there are images of the bandpass and phase calibrators.',
    reason: 'They show the quality of the calibration in the image plane.',
    example: '`product/` contains no `*_ph.spw<n>.fits`.',
    remedy: 'Add `<uid>.<calibrator>_bp.spw<n>.fits` and `..._ph.spw<n>.fits` to `product/`.',
    *check(inventory) {
      if (inventory.mode !== 'pipeline' || !hasItem(inventory, 2) || isTotalPower(inventory)) return;
      for (const [role, title, suffix] of IMAGED_CALIBRATORS) {
        if (filesWithRole(inventory, role).length > 0) continue;
        const message = `there is no image of a ${title} calibrator`;
        yield { file: null, message, expected: `product/<uid>.<calibrator>_${suffix}.spw<n>.fits`, found: null };
      }
    },
  },
  {
    code: 'product.calibrator-windows',
    severity: 'warn',
    section: '§3',
    needsAllFiles: true,
    statement: 'Calibrated by the Pipeline: each calibrator is imaged in every science spectral window.',
    reason: 'Without images of the calibrators, the calibration of the window cannot be judged.',
    example: '`product/uid___A001_X1_Xa4.J0956_3135_ph.spw1.fits` is missing, but `..._bp.spw1.fits` is present.',
    remedy: 'Add the missing images of the calibrators to `product/`.',
    check: calibratorsWithoutWindows,
  },
  {
    code: 'product.line-cube',
    severity: 'warn',
    section: '§3',
    needsAllFiles: true,
    statement: 'Each science spectral window has a cube of at least one target.',
    reason: 'The cubes are the spectral line result; imaging of early cycles is on a best-effort basis (§4.3).',
    example: '`product/` contains only a continuum image.',
    remedy: 'Add a cube of representative channels for each spectral window; if there is no line, no action is needed.',
    check: windowsWithoutCube,
  },
  {
    code: 'product.continuum',
    severity: 'warn',
    section: '§3',
    needsAllFiles: true,
    statement: 'There is an image of all continuum spectral windows.',
    reason: 'It is the continuum result; imaging of early cycles is on a best-effort basis (§4.3).',
    example: '`product/` contains only cubes.',
    remedy: 'Add a continuum image of all non-edge channels.',
    *check(inventory) {
      const images = filesWithRole(inventory, ...SCIENCE_IMAGES);
      if (
        images.length === 0 ||
        isTotalPower(inventory) ||
        images.some((file) => modeOf(inventory, file) === 'continuum')
      )
        return;
      yield { file: null, message: 'there is no continuum image', expected: 'product/*.cont.*.fits', found: null };
    },
  },
]);

/** A cut of position against velocity has the name of an image, but is derived from one: CASA's impv writes OFFSET. */
function showsSky({ contents }: Inventory): (file: InventoryEntry) => boolean {
  return (file) => {
    const content = contents.get(file);
    return content?.state !== 'read' || content.kind !== 'fits' || content.facts.image?.isCut !== true;
  };
}

function* calibratorsWithoutWindows(inventory: Inventory): Iterable<Violation> {
  if (inventory.mode !== 'pipeline') return;
  const calibrators = IMAGED_CALIBRATORS.flatMap(([role]) => filesWithRole(inventory, role));
  const windows = windowsOf([...calibrators, ...filesWithRole(inventory, ...SCIENCE_IMAGES)]);
  for (const [role, title, suffix] of IMAGED_CALIBRATORS) {
    const images = filesWithRole(inventory, role);
    if (images.length === 0) continue;
    const imaged = windowsOf(images);
    for (const window of [...windows].filter((each) => !imaged.has(each))) {
      const message = `spectral window ${window} has no image of a ${title} calibrator`;
      const expected = `product/<uid>.<calibrator>_${suffix}.spw${window}.fits`;
      yield { file: null, message, expected, found: `spectral windows ${[...imaged].join(', ')}` };
    }
  }
}

function windowsOf(files: readonly InventoryEntry[]): Set<number> {
  return new Set(files.flatMap(({ image }) => image?.spws ?? []).sort((a, b) => a - b));
}

/**
 * Free-form names do not state spectral windows. A delivery without any cube then gets a note only, since it may have
 * no line.
 */
function* windowsWithoutCube(inventory: Inventory): Iterable<Violation> {
  const images = filesWithRole(inventory, ...SCIENCE_IMAGES);
  if (images.length === 0) return;
  const cubes = images.filter((file) => [null, 'cube'].includes(modeOf(inventory, file)));
  const windows = windowsOf(images);
  if (windows.size === 0) {
    if (cubes.length > 0) return;
    const message = 'there is no line cube';
    yield { file: null, message, expected: 'a cube, if there is a line', found: null, severity: 'note' };
    return;
  }
  const cubed = windowsOf(cubes);
  for (const window of [...windows].filter((each) => !cubed.has(each))) {
    const message = `spectral window ${window} has no cube`;
    yield { file: null, message, expected: `product/*spw${window}.cube.*.fits`, found: null };
  }
}

/** Returns the mode from the name, else from the number of channels; null when neither is known. */
function modeOf({ contents }: Inventory, file: InventoryEntry): SpectralMode | null {
  const mode = file.image?.mode ?? null;
  const content = contents.get(file);
  if (mode !== null || content?.state !== 'read' || content.kind !== 'fits') return mode;
  const channels = content.facts.image?.spectral?.channels;
  return channels === undefined ? null : channels > 1 ? 'cube' : 'continuum';
}

/** Total power data have neither a primary beam nor interferometric calibrators to image. */
function isTotalPower(inventory: Inventory): boolean {
  const images: readonly InventoryEntry[] = filesWithRole(inventory, ...SCIENCE_IMAGES);
  return images.length > 0 && images.every(({ image }) => image?.family === 'total-power');
}

function beamNames(path: string): string {
  const stem = path.replace(/\.pbcor(?:\.v\d+)?\.fits(?:\.gz)?$/, '');
  return `${stem}.flux.fits or ${stem}.pb.fits.gz`;
}
