import { filesWithRole } from '../inventory/inventory';
import type { Role } from '../naming/role';
import { listed } from '../printable';
import { ruleFamily } from './rule';

/** Files whose names contain the uid of an execution block and of nothing else. */
const OF_BLOCK: readonly Role[] = [
  'scriptForCalibration',
  'caltables+flagversions.analyst',
  'plot',
  'plots.archive',
  'calapply',
  'auxcalapply',
  'flagversions',
  'flagtemplate',
  'flagtargetstemplate',
  'qa2.page',
  'qa2.text',
  'qa0.report',
  'asdm',
];

export const executionBlockRules = ruleFamily([
  {
    code: 'block.not-posted',
    severity: 'reject',
    section: '§2',
    statement: 'No file belongs to an execution block that is not part of the delivery.',
    reason: 'QA2 is carried out on the blocks of one MemberOUS: a file of another block belongs to another delivery.',
    example: '`script/uid___A002_X1_Xff.ms.scriptForCalibration.py` is in the delivery, but its block was not posted.',
    remedy: 'Remove the file, or post its execution block with the result.',
    *check(inventory) {
      if (inventory.posted === null) return;
      const posted = new Set(inventory.posted.executionBlocks.map(({ uid }) => uid));
      const reported = new Set<string>();
      for (const { role, executionBlock, path } of filesWithRole(inventory, ...OF_BLOCK)) {
        const once = `${role} ${executionBlock}`;
        if (executionBlock === null || posted.has(executionBlock) || reported.has(once)) continue;
        reported.add(once);
        yield {
          file: path,
          message: `the file belongs to execution block ${executionBlock}, which was not posted`,
          expected: posted.size === 0 ? 'no execution block' : `a file of ${listed(posted)}`,
          found: executionBlock,
        };
      }
    },
  },
]);
