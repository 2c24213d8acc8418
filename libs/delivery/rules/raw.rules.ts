import { asdmDirectoryName } from '@almagest/ous';
import { filesWithRole, type Inventory } from '../inventory/inventory';
import { blocksWithout } from './missing';
import { ruleFamily, type Violation } from './rule';

/** Rules about `raw/`, where part (b) of a delivery was unpacked or given along with it. */
export const rawRules = ruleFamily([
  {
    code: 'raw.missing-block',
    severity: 'warn',
    section: '§5.1',
    needsWhole: true,
    statement: 'Where there are raw data, each used execution block has its ASDM.',
    reason: 'scriptForPI.py skips blocks whose ASDM is missing, so the result differs from what was delivered.',
    example: 'Of two blocks, `raw/` holds `uid___A002_X1_Xb1.asdm.sdm` only.',
    remedy: 'Get the missing ASDM and unpack it beside the others.',
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
    needsWhole: true,
    statement: 'An ASDM has its table of contents, ASDM.xml.',
    reason: 'Without it the ASDM cannot be imported, and nothing can be calibrated.',
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
    yield { file: null, message: `the ASDM of execution block ${uid} is not complete`, expected, found: null };
  }
}
