import { factsOf, type Inventory } from '../inventory/inventory';
import { listed } from '../printable';
import { pprReferences } from './ppr-references';
import { type Rule, ruleFamily } from './rule';
import { unreadableFiles } from './violations';

const OTHER_DELIVERY = 'If the PPR is of another delivery, the scripts and tables may be too.';

export const pprRules = ruleFamily([
  {
    code: 'ppr.unreadable',
    severity: 'reject',
    section: '§4.2',
    statement: 'The PPR is a SciPipeRequest in well-formed XML without a document type.',
    reason: 'The Pipeline ran from this file, so it must be readable; a document type could load other files.',
    example: '`script/PPR_uid___A001_X1_Xa4.xml` is truncated.',
    remedy: 'Add the PPR exactly as the Pipeline received it.',
    *check(inventory) {
      yield* unreadableFiles(inventory, 'ppr', 'the PPR cannot be read');
    },
  },
  identityRule('ppr.project', 'project', 'projectCode', ({ identity }) => identity.project, '2013.1.09998.S'),
  identityRule('ppr.member', 'MemberOUS', 'memberOus', ({ identity }) => identity.member, 'uid://A001/X1/Xff'),
  {
    code: 'ppr.blocks',
    severity: 'reject',
    section: '§4.2',
    needsAllFiles: true,
    statement: 'The PPR names the delivered execution blocks.',
    reason: 'scriptForPI.py compares the ASDMs with the PPR, and stops or skips blocks where they differ.',
    example: 'The PPR names `uid://A002/X1/Xff` instead of `uid://A002/X1/Xb3`.',
    remedy: 'Add the PPR of this delivery, or post the execution blocks that it names.',
    *check(inventory) {
      const requests = factsOf(inventory, 'ppr');
      if (requests.length === 0) return;
      const named = new Set(requests.flatMap(({ facts }) => facts.executionBlocks).map((uid) => uid.trim()));
      const delivered = new Set<string>(
        inventory.posted?.executionBlocks.map(({ uid }) => uid) ?? inventory.executionBlocks,
      );
      const lacking = inventory.executionBlocks.filter((uid) => !named.has(uid));
      const foreign = [...named].filter((uid) => !delivered.has(uid));
      if (lacking.length === 0 && foreign.length === 0) return;
      const message =
        named.size === 0
          ? 'the PPR names no execution block'
          : 'the PPR and the delivery have different execution blocks';
      yield {
        file: requests[0]?.file.path ?? null,
        message,
        expected: inventory.executionBlocks.length === 0 ? null : listed(inventory.executionBlocks),
        found: named.size === 0 ? null : listed(named),
      };
    },
  },
  {
    code: 'ppr.references',
    severity: 'warn',
    section: '§4.2',
    statement: 'The path and the references in the PPR agree with the delivery and with each other.',
    reason: OTHER_DELIVERY,
    example: 'The `RelativePath` of the PPR contains `MOUS_uid___A001_X1_Xff`.',
    remedy: 'Add the PPR exactly as the Pipeline received it, and only those of this delivery.',
    check: pprReferences,
  },
  {
    code: 'ppr.restore-sessions',
    severity: 'note',
    section: '§4.2',
    needsAllFiles: true,
    statement: 'The restore script restores the sessions that the PPR names.',
    reason: 'The Pipeline run that the PPR started wrote the script.',
    example: 'The PPR has `SESSION_1`, but casa_piperestorescript.py restores `session_2`.',
    remedy: 'No action is needed; real deliveries are known to differ here.',
    *check(inventory) {
      const expected = new Set(sessionsOf(inventory).map((number) => `session_${number}`));
      for (const { file, facts } of factsOf(inventory, 'restore-script')) {
        const restored = new Set(facts.sessions.map((name) => name.toLowerCase()));
        if (expected.size === 0 || restored.size === 0 || sameNames(expected, restored)) continue;
        const message = 'the restore script and the PPR name different sessions';
        yield { file: file.path, message, expected: listed(expected), found: listed(restored) };
      }
    },
  },
]);

function sameNames(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((name) => right.has(name));
}

/** Returns the numbers of the sessions that the PPRs name: the delivery must have the tables of each. */
export function sessionsOf(inventory: Inventory): number[] {
  const sessions = factsOf(inventory, 'ppr').flatMap(({ facts }) => facts.sessions.map(({ number }) => number));
  return [...new Set(sessions)].sort((a, b) => a - b);
}

function identityRule(
  code: string,
  what: string,
  field: 'projectCode' | 'memberOus',
  expectedOf: (inventory: Inventory) => string | null,
  other: string,
): Rule {
  return {
    code,
    severity: 'reject',
    section: '§4.2',
    statement: `The PPR names the delivered ${what}.`,
    reason: OTHER_DELIVERY,
    example: `The PPR names \`${other}\`.`,
    remedy: 'Add the PPR of this delivery.',
    *check(inventory) {
      const expected = expectedOf(inventory);
      for (const { file, facts } of factsOf(inventory, 'ppr')) {
        const found = facts[field];
        if (expected === null || found === expected) continue;
        if (found === null)
          yield { file: file.path, message: `the PPR does not name a ${what}`, expected, found, severity: 'warn' };
        else yield { file: file.path, message: `the PPR belongs to another ${what}`, expected, found };
      }
    },
  };
}
