import { asdmDirectoryName } from '@almagest/ous';
import { filesWithRole, type Inventory } from '../inventory/inventory';
import { ruleFamily, type Violation } from './rule';
import { blocksWithout } from './violations';

/** Rules about `raw/`, which is present when part (b) of a delivery was unpacked or delivered with the products. */
export const rawRules = ruleFamily([
  {
    code: 'raw.missing-block',
    severity: 'warn',
    section: '§5.1',
    needsAllFiles: true,
    statement: 'If raw data are present, each used execution block has its ASDM.',
    reason: 'scriptForPI.py skips blocks without an ASDM, so its result differs from the delivered one.',
    example: 'Of two blocks, `raw/` contains only `uid___A002_X1_Xb1.asdm.sdm`.',
    remedy: 'Get the missing ASDM and unpack it next to the others.',
    *check(inventory) {
      if (filesWithRole(inventory, 'asdm').length === 0) return;
      for (const uid of blocksWithout(inventory, 'asdm')) {
        const message = `execution block ${uid} has no raw data`;
        yield { file: null, message, expected: `raw/${asdmDirectoryName(uid)}/`, found: null };
      }
    },
  },
  {
    code: 'raw.incomplete',
    severity: 'warn',
    section: '§5.1',
    needsAllFiles: true,
    statement: 'An ASDM has its table of contents, ASDM.xml.',
    reason: 'CASA cannot import an ASDM without it, so nothing can be calibrated.',
    example: '`raw/uid___A002_X1_Xb1.asdm.sdm/ASDM.xml` is missing.',
    remedy: 'Get the raw data of the block again.',
    check: asdmsWithoutContents,
  },
]);

function* asdmsWithoutContents(inventory: Inventory): Iterable<Violation> {
  const files = filesWithRole(inventory, 'asdm');
  const whole = new Set(
    files.filter(({ key }) => key.endsWith('.asdm.sdm/ASDM.xml')).map(({ executionBlock }) => executionBlock),
  );
  for (const uid of new Set(files.map(({ executionBlock }) => executionBlock))) {
    if (uid === null || whole.has(uid)) continue;
    const expected = `raw/${asdmDirectoryName(uid)}/ASDM.xml`;
    yield { file: null, message: `the ASDM of execution block ${uid} is incomplete`, expected, found: null };
  }
}
