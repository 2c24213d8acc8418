import { filesWithRole, hasAuxiliaryPart, type Inventory, type InventoryEntry } from '../inventory/inventory';
import { type Item, ITEMS, type Role } from '../naming/role';
import { listed } from '../printable';
import type { Severity } from '../profile/profile';
import { type Rule, ruleFamily, type Violation } from './rule';
import { hasItem } from './violations';

export const itemRules = ruleFamily([
  {
    code: 'item.readme',
    severity: 'reject',
    section: '§3',
    needsAllFiles: true,
    statement: 'Item 1: the delivery has a README.',
    reason: 'The README is the first file to read: it summarises the QA2 result (§4.1).',
    example: 'There is no `README` in the delivery.',
    remedy: 'Put the README into the directory of the ObsUnitSet.',
    *check(inventory) {
      if (filesWithRole(inventory, 'readme').length > 0) return;
      yield {
        file: null,
        message: 'the README is missing',
        expected: 'README',
        found: null,
        // In later cycles the README is in neither the product nor the auxiliary tar.
        ...(hasAuxiliaryPart(inventory) ? { severity: 'note' as const } : {}),
      };
    },
  },
  itemRule(2, 'product', 'The QA2 decision was based on these images.'),
  itemRule(3, 'calibration', 'Without the tables the calibration can be neither restored nor inspected (§4.4).', {
    combination: null,
  }),
  itemRule(4, 'qa', 'The QA documentation shows that the calibration is good (§4.5).', { combination: 'warn' }),
  itemRule(5, 'script', 'The scripts regenerate the calibrated data and the images (§4.2).'),
  itemRule(6, 'log', 'The CASA logs record what was done.'),
  {
    code: 'item.empty-file',
    severity: 'reject',
    section: '§3',
    statement: 'Scripts, logs, QA pages and reports are not empty.',
    reason: 'An empty file is as good as a missing one.',
    example: '`script/scriptForPI.py` has 0 bytes.',
    remedy: 'Add the file with its content. An empty script that must be there rejects, everything else is a warning.',
    check: emptyFiles,
  },
  {
    code: 'item.raw-included',
    severity: 'warn',
    section: '§3',
    statement: 'Item 7 is delivered separately from items 1 to 6.',
    reason: 'Raw data are a separate, optional download: `raw/` appears only when part (b) is unpacked.',
    example: '`raw/uid___A002_X1_Xb1.asdm.sdm/ASDM.xml` is in a product part.',
    remedy: 'Deliver the ASDMs as `<Project ID>_<EB uid>.asdm.sdm.tar`.',
    *check({ files, parts }) {
      const reported = new Set<string>();
      for (const { item, part, path } of files) {
        const kind = parts[part]?.parsed?.kind;
        const directory = path.slice(0, path.lastIndexOf('/raw/') + '/raw/'.length);
        if (item !== 7 || (kind !== 'product' && kind !== 'auxiliary') || reported.has(directory)) continue;
        reported.add(directory);
        const message = 'the products contain raw data';
        yield { file: path, message, expected: 'items 1 to 6 of §3', found: ITEMS[7].title };
      }
    },
  },
  {
    code: 'item.litter',
    severity: 'note',
    section: '§3',
    statement: 'The delivery contains no files that a system or an editor left, such as `._*`, `.DS_Store` or `*~`.',
    reason:
      'They are no part of the delivery: they are stored with it, but neither catalogued nor unpacked by `almagest ' +
      'fetch`, and no other rule about files, links and names that occur twice counts them.',
    example: '`product/._NGC9999.cont.pbcor.fits`, which macOS creates, is in the delivery.',
    remedy: 'No action is needed; `almagest pack` leaves such files out.',
    *check(inventory) {
      const litter = inventory.entries.filter(({ role, type }) => role === 'litter' && type !== 'directory');
      const [first] = litter;
      if (first === undefined) return;
      yield {
        file: first.path,
        message: `${litter.length === 1 ? 'a file' : `${litter.length} files`} of the system or an editor`,
        expected: null,
        found: listed(litter.map(({ key }) => key.slice(key.lastIndexOf('/') + 1))),
      };
    },
  },
  {
    code: 'item.unknown-file',
    severity: 'note',
    section: '§3',
    statement: 'Every file has a name that the document, or a later naming family, defines.',
    reason: 'A file with an unknown name is stored, but users cannot search for it by its type.',
    example: '`script/notes.docx` is in the delivery.',
    remedy: 'No action is needed; check the spelling if this should be one of the known files.',
    *check({ files }) {
      for (const { role, path, place, item } of files) {
        if (role !== 'unknown' || (place.level !== 'group' && place.level !== 'member')) continue;
        const where = item === null ? 'no item of §3' : `item ${item}`;
        yield { file: path, message: 'the file name is unknown', expected: null, found: `in ${where}` };
      }
    },
  },
]);

/** Without these a delivery is rejected: the PI cannot calibrate or image the data. The PPR has its own rules. */
const REQUIRED_SCRIPTS: ReadonlySet<Role> = new Set([
  'scriptForPI',
  'scriptForImaging',
  'scriptForCalibration',
  'pipescript',
  'piperestorescript',
]);
const OTHERS_WITH_CONTENT: readonly Role[] = [
  'scriptForImagingPrep',
  'scriptForFluxCalibration',
  'scriptForPolarization',
  'casa_log',
  'casa_commands',
  'pipeline_manifest',
  'qa2.page',
  'qa2.report',
  'qa0.report',
];

function* emptyFiles(inventory: Inventory): Iterable<Violation> {
  for (const file of filesWithRole(inventory, ...REQUIRED_SCRIPTS, ...OTHERS_WITH_CONTENT)) {
    const { path, role, size, item } = file;
    if (size > 0 && !isBlank(inventory, file)) continue;
    const severity = REQUIRED_SCRIPTS.has(role) ? 'reject' : 'warn';
    const message = `a file of item ${item} (${item === null ? '' : ITEMS[item].title}) is empty`;
    const found = size === 0 ? '0 bytes' : `${size} bytes, all of them blanks`;
    yield { file: path, message, expected: 'a file with content', found, severity };
  }
}

function isBlank({ contents }: Inventory, file: InventoryEntry): boolean {
  const content = contents.get(file);
  if (content?.state !== 'read') return false;
  return 'isBlank' in content.facts && content.facts.isBlank;
}

function itemRule(
  item: Exclude<Item, 1>,
  directory: string,
  reason: string,
  severityOfMode: { combination?: Severity | null } = {},
): Rule {
  const { combination = 'reject' } = severityOfMode;
  return {
    code: `item.${directory}`,
    severity: 'reject',
    section: '§3',
    needsAllFiles: true,
    statement: `Item ${item}: the delivery has files in \`${directory}/\`.`,
    reason,
    example: `There is no file in \`${directory}/\`.`,
    remedy: `Put the files of item ${item} into \`${directory}/\`.`,
    *check(inventory: Inventory) {
      const severity = inventory.mode === 'combination' ? combination : 'reject';
      if (severity === null || hasItem(inventory, item)) return;
      const message = `item ${item} (${ITEMS[item].title}) is missing`;
      yield { file: null, message, expected: `files in ${directory}/`, found: null, severity };
    },
  };
}
