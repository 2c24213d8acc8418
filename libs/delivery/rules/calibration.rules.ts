import { filesWithRole, type Inventory, type InventoryEntry } from '../inventory/inventory';
import type { Role } from '../naming/role';
import { sessionsOf } from './ppr.rules';
import { type Rule, ruleFamily } from './rule';
import { hasItem, missing, missingPerBlock } from './violations';

export const calibrationRules = ruleFamily([
  {
    code: 'calibration.tables',
    severity: 'reject',
    section: '§4.4',
    needsAllFiles: true,
    statement: 'Calibrated by an analyst: there are calibration tables and flag versions for each execution block.',
    reason: 'They document the calibration; without them it cannot be inspected, only repeated.',
    example: '`calibration/uid___A002_X1_Xb2.calibration.tgz` is missing.',
    remedy: 'Add `<eb>.calibration.tgz` to `calibration/`.',
    *check(inventory) {
      if (inventory.mode !== 'analyst' || !hasItem(inventory, 3)) return;
      const expected = (block: string): string => `calibration/${block}.calibration.tgz`;
      const ofTrack = filesWithRole(inventory, 'caltables+flagversions.analyst').find(isOfTrack);
      if (ofTrack !== undefined) {
        yield {
          file: ofTrack.path,
          message: 'one archive has the calibration tables of all execution blocks of a track',
          expected: expected('<eb>'),
          found: ofTrack.path,
          severity: 'note',
        };
        return;
      }
      yield* missingPerBlock(inventory, ['caltables+flagversions.analyst'], expected, 'calibration tables');
    },
  },
  {
    code: 'calibration.plots',
    severity: 'note',
    section: '§5.1',
    needsAllFiles: true,
    statement: 'Calibrated by an analyst: there are plots of the calibration of each execution block.',
    reason: 'The example in the document has them; many are in the QA documentation too (§4.4).',
    example: '`calibration/uid___A002_X1_Xb2.calibration.plots/` is missing.',
    remedy: 'Add `<eb>.calibration.plots/`, or its `.tgz`, to `calibration/`.',
    *check(inventory) {
      if (inventory.mode !== 'analyst' || !hasItem(inventory, 3)) return;
      if (filesWithRole(inventory, 'plots.archive').some(isOfTrack)) return;
      const expected = (block: string): string => `calibration/${block}.calibration.plots/`;
      yield* missingPerBlock(inventory, ['plot', 'plots.archive'], expected, 'calibration plots');
    },
  },
  {
    code: 'calibration.session-tables',
    severity: 'reject',
    section: '§4.4',
    needsAllFiles: true,
    statement: 'Calibrated by the Pipeline: there are calibration tables for each session.',
    reason: 'casa_piperestorescript.py applies them to restore the calibrated data.',
    example: '`calibration/uid___A001_X1_Xa4.session_1.caltables.tar.gz` is missing.',
    remedy: 'Add `<uid>.session_<n>.caltables.tar.gz` to `calibration/`.',
    *check(inventory) {
      if (!isPipeline(inventory)) return;
      const there = filesWithRole(inventory, 'caltables').map(({ session }) => session);
      const sessions = sessionsOf(inventory);
      for (const session of sessions.length > 0 ? sessions : ['<n>' as const]) {
        if (session === '<n>' ? there.length > 0 : there.includes(session)) continue;
        const what = session === '<n>' ? 'any session' : `session ${session}`;
        const message = `there are no calibration tables of ${what}`;
        yield { file: null, message, expected: `calibration/<uid>.session_${session}.caltables.tar.gz`, found: null };
      }
    },
  },
  perBlockRule('calapply', 'calibration.calapply', 'calapply file', (eb) => `${eb}.ms.calapply.txt`, {
    reason: 'It says which tables were applied to which data, and how; restoring reads it.',
  }),
  perBlockRule('flagversions', 'calibration.flag-versions', 'flag versions', (eb) => `${eb}.ms.flagversions.tar.gz`, {
    reason: 'Restoring needs the flags as the Pipeline left them.',
  }),
  perBlockRule('flagtemplate', 'calibration.flag-template', 'flag template', (eb) => `${eb}_flagtemplate.txt`, {
    reason: 'It contains the flag commands that were entered by hand.',
    orIn: ['auxproducts'],
  }),
  {
    code: 'calibration.fluxes',
    severity: 'reject',
    section: '§3',
    needsAllFiles: true,
    statement: 'Calibrated by the Pipeline: the table of calibrator fluxes, flux.csv, is present.',
    reason: 'It sets the flux scale of all delivered data.',
    example: '`calibration/flux.csv` is missing.',
    remedy: 'Add flux.csv to `calibration/`.',
    *check(inventory) {
      if (!isPipeline(inventory)) return;
      yield* missing(inventory, ['flux.csv', 'auxproducts'], 'calibration/flux.csv', 'flux.csv is missing');
    },
  },
]);

/** In VLBI the execution blocks of a track are calibrated together: the name of the archive has none of them. */
function isOfTrack({ path }: InventoryEntry): boolean {
  return /\/(?:[^/]*\.)?track_[^/]*$/i.test(path);
}

function isPipeline(inventory: Inventory): boolean {
  return inventory.mode === 'pipeline' && hasItem(inventory, 3);
}

function perBlockRule(
  role: Role,
  code: string,
  what: string,
  fileName: (block: string) => string,
  { reason, orIn = [] }: { reason: string; orIn?: readonly Role[] },
): Rule {
  return {
    code,
    severity: 'reject',
    section: '§3',
    needsAllFiles: true,
    statement: `Calibrated by the Pipeline: each execution block has its ${what}.`,
    reason,
    example: `\`calibration/${fileName('uid___A002_X1_Xb3')}\` is missing.`,
    remedy: `Add \`${fileName('<eb>')}\` to \`calibration/\`.`,
    *check(inventory) {
      if (!isPipeline(inventory) || filesWithRole(inventory, ...orIn).length > 0) return;
      yield* missingPerBlock(inventory, [role], (block) => `calibration/${fileName(block)}`, what);
    },
  };
}
