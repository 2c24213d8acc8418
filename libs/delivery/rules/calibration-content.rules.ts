import { toFileForm } from '@almagest/ous';
import { factsOf, filesWithRole, type Inventory } from '../inventory/inventory';
import { listed } from '../printable';
import { ruleFamily, type Violation } from './rule';
import { isAllRead, unreadableFiles } from './violations';

/** Rules about the content of the files in `calibration/`. */
export const calibrationContentRules = ruleFamily([
  {
    code: 'calibration.archive-content',
    severity: 'reject',
    section: '§4.4',
    statement: 'The archives in `calibration/` contain the tables and flag versions that their names announce.',
    reason: 'An archive without a table restores nothing and documents nothing.',
    example: '`calibration/uid___A002_X1_Xb1.calibration.tgz` contains only a listing.',
    remedy: 'Create the archive again from the calibration directory.',
    check: archivesWithoutTables,
  },
  {
    code: 'calibration.calapply-content',
    severity: 'warn',
    section: '§3',
    statement: 'A calapply file applies tables to the MeasurementSet of its own execution block.',
    reason: 'Restoring applies the tables that it lists; tables applied to other data calibrate the wrong block.',
    example: "`uid___A002_X1_Xb3.ms.calapply.txt` has `vis='uid___A002_X1_Xff.ms'`.",
    remedy: 'Export the calapply files of this Pipeline run again.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'calapply')) {
        const block = file.executionBlock === null ? '' : toFileForm(file.executionBlock);
        const others = facts.measurementSets.filter((name) => !name.startsWith(block));
        if (facts.calls > 0 && others.length === 0) continue;
        yield {
          file: file.path,
          message: facts.calls === 0 ? 'the file applies no table' : 'the file applies tables to other data',
          expected: `applycal calls for ${block}.ms`,
          found: facts.calls === 0 ? null : listed(others),
        };
      }
    },
  },
  {
    code: 'calibration.applied-tables',
    severity: 'warn',
    section: '§4.4',
    needsAllFiles: true,
    statement: 'Every table that is applied is in the archive of a session.',
    reason: 'The calibrated data cannot be restored without the tables that were applied.',
    example: 'A calapply file applies a table that `...session_1.caltables.tar.gz` does not contain.',
    remedy: 'Export the calibration tables of this Pipeline run again.',
    check: appliedButMissing,
  },
  {
    code: 'calibration.fluxes-content',
    severity: 'warn',
    section: '§3',
    needsAllFiles: true,
    statement: 'flux.csv is a table of fluxes of the delivered execution blocks.',
    reason: 'It sets the flux scale, and restoring reads it.',
    example: 'A row of `calibration/flux.csv` has three fields.',
    remedy: 'Export flux.csv of this Pipeline run again.',
    *check(inventory) {
      yield* unreadableFiles(inventory, 'fluxes', 'the table of fluxes cannot be read');
      const blocks = new Set(inventory.executionBlocks.map(toFileForm));
      for (const { file, facts } of factsOf(inventory, 'fluxes')) {
        const sets = [...new Set(facts.map(({ measurementSet }) => measurementSet))];
        const others = sets.filter((name) => !blocks.has(name.replace(/\..*$/s, '')));
        if (others.length === 0) continue;
        const message = 'the table contains fluxes of other data';
        yield { file: file.path, message, expected: `rows of ${listed(blocks)}`, found: listed(others) };
      }
    },
  },
]);

function* archivesWithoutTables(inventory: Inventory): Iterable<Violation> {
  for (const { file, facts } of factsOf(inventory, 'archive')) {
    const { tables, flagVersions, files } = facts.facts;
    const analyst = file.role === 'caltables+flagversions.analyst';
    const found = `${files} files`;
    if ((analyst || file.role === 'caltables') && tables.length === 0) {
      yield { file: file.path, message: 'the archive contains no calibration table', expected: 'CASA tables', found };
    } else if ((analyst || file.role === 'flagversions') && !flagVersions) {
      const message = 'the archive contains no flag versions';
      yield {
        file: file.path,
        message,
        expected: '<eb>.ms.flagversions/',
        found,
        ...(analyst ? { severity: 'warn' } : {}),
      };
    }
  }
}

/** Reports tables only if every archive that could contain one was read to its end. */
function* appliedButMissing(inventory: Inventory): Iterable<Violation> {
  const archives = factsOf(inventory, 'archive').filter(({ file }) => file.role === 'caltables');
  const elsewhere = filesWithRole(inventory, 'auxcaltables', 'auxproducts').length > 0;
  if (elsewhere || !isAllRead(inventory) || archives.length === 0) return;
  if (archives.length < filesWithRole(inventory, 'caltables').length) return;
  const there = new Set(archives.flatMap(({ facts }) => facts.facts.tables));
  for (const { file, facts } of factsOf(inventory, 'calapply')) {
    const lacking = facts.tables.filter((table) => !there.has(table));
    if (lacking.length === 0) continue;
    const message = 'the file applies tables that no archive contains';
    yield { file: file.path, message, expected: listed(lacking), found: `${there.size} other tables` };
  }
}
