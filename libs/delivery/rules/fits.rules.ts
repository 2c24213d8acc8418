import type { FitsInspection, Remark } from '@almagest/fits';
import { groupBy } from '../group-by';
import { factsOf, type Inventory, type InventoryEntry } from '../inventory/inventory';
import { ruleFamily, type Violation } from './rule';
import { unreadableFiles } from './violations';

const SUMS = new Set<Remark['code']>(['fits.checksum-mismatch', 'fits.datasum-mismatch']);

/** Rules about each FITS file by itself, whatever its role. */
export const fitsRules = ruleFamily([
  {
    code: 'fits.unreadable',
    severity: 'reject',
    section: '§4.3',
    statement: 'Every `.fits` file is a complete FITS file, and claims no more than an image can have.',
    reason: 'The QA2 decision cannot have been based on an image that cannot be read.',
    example: 'The second half of `product/NGC9999.cont.pbcor.fits` is missing, or its header says `NAXIS = 1000`.',
    remedy: 'Export the image again with exportfits.',
    *check(inventory) {
      yield* unreadableFiles(inventory, 'fits', 'the image cannot be read');
    },
  },
  {
    code: 'fits.checksum',
    severity: 'reject',
    section: '§4.3',
    statement: 'The checksums in a FITS file are correct.',
    reason: 'A wrong CHECKSUM or DATASUM shows that the file was changed or damaged after it was written.',
    example: '`DATASUM` of `product/NGC9999.cont.pbcor.fits` is not the sum of its data.',
    remedy: 'Export the image again, or find out what changed it.',
    check: (inventory) => remarksWhere(inventory, ({ code }) => SUMS.has(code)),
  },
  {
    code: 'fits.conformance',
    severity: 'warn',
    section: '§4.3',
    statement: 'The images conform to the FITS standard 3.0.',
    reason: 'Software that follows the standard may refuse or misread the image.',
    example: '`RADESYS` of `product/NGC9999.cont.pbcor.fits` names no known frame.',
    remedy: 'Export the image again with a current CASA, or correct the header keyword.',
    check: (inventory) => remarksWhere(inventory, ({ code, dialect }) => !SUMS.has(code) && dialect === null),
  },
  {
    code: 'fits.no-image',
    severity: 'reject',
    section: '§4.3',
    statement: 'Every FITS file in `product/` contains an image.',
    reason: 'A header without data is of no use to the PI.',
    example: '`product/NGC9999.cont.pbcor.fits` has `NAXIS = 0` and no extension.',
    remedy: 'Export the image again with exportfits.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'fits')) {
        if (facts.image !== null || facts.contents.some(({ isCompressedImage }) => isCompressedImage)) continue;
        yield { file: file.path, message: 'the file contains no image', expected: 'an image', found: kindsOf(facts) };
      }
    },
  },
  {
    code: 'fits.blank',
    severity: 'warn',
    section: '§4.3',
    statement: 'Every image has pixels with a value.',
    reason: 'A completely blank image is the result of a step that failed.',
    example: 'Every pixel of `product/NGC9999.cont.dirty.fits` is NaN.',
    remedy: 'Create the image again, or leave it out.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'fits')) {
        if (facts.statistics === null || facts.statistics.minimum !== null) continue;
        const found = `${facts.statistics.pixels} pixels without a value`;
        yield { file: file.path, message: 'the image is blank', expected: 'pixels with values', found };
      }
    },
  },
]);

function kindsOf({ contents }: FitsInspection): string {
  return contents
    .map(({ kind, axes }) => `${kind} of ${axes.length} axes`)
    .join(', ')
    .slice(0, 200);
}

/** Yields one violation for each kind of remark on a file: the same header mistake usually occurs many times. */
function* remarksWhere(inventory: Inventory, wanted: (remark: Remark) => boolean): Iterable<Violation> {
  for (const { file, facts } of factsOf(inventory, 'fits')) {
    for (const alike of groupBy(facts.remarks.filter(wanted), ({ code }) => code).values()) {
      const [first] = alike;
      if (first) yield violationOf(file, first, alike.length);
    }
  }
}

function violationOf({ path }: InventoryEntry, remark: Remark, times: number): Violation {
  const { code, section, level, keyword, message, expected, found } = remark;
  const where = keyword === null ? '' : ` (${keyword})`;
  const more = times > 1 ? `, and ${times - 1} more` : '';
  return {
    file: path,
    message: `${code}: ${message}${where}${more}; ${section}`,
    expected,
    found,
    ...(level === 'should' ? { severity: 'note' } : {}),
  };
}
