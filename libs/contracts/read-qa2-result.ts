import { z } from 'zod';
import { locationFault } from './location';
import { parseInput } from './parse-input';
import { byteCountSchema } from './primitives';
import { qa2ResultSchema, type Qa2Result } from './qa2-result';
import { violationsOf, type Violation } from './violation';

/**
 * Validates a QA2 result from outside and reports all faults at once: shape, values, and the relations between fields. A
 * relation is checked wherever the fields it needs have a usable shape, so one wrong field does not hide another.
 */
export function readQa2Result(
  input: unknown,
): { ok: true; result: Qa2Result } | { ok: false; violations: Violation[] } {
  const parsed = parseInput(qa2ResultSchema, input);
  const relations = relationViolations(input);
  if (parsed.success && relations.length === 0) return { ok: true, result: parsed.data };
  return { ok: false, violations: [...(parsed.success ? [] : violationsOf(parsed.error)), ...relations] };
}

/**
 * The most bytes that the parts and ASDMs of a delivery may have together, 256 TiB. scriptForPI may ask for fourteen times
 * that (§5.3), which JSON still represents without loss.
 */
const MAX_BYTES = 2 ** 48;

const sized = byteCountSchema.catch(0);

const groupView = z
  .object({
    uid: z.string().optional().catch(undefined),
    members: z.array(z.object({ uid: z.string() }).nullable().catch(null)).catch([]),
  })
  .catch({ uid: undefined, members: [] });
const blocksView = z
  .array(
    z
      .object({ uid: z.string(), asdm: z.object({ size: sized }).catch({ size: 0 }) })
      .nullable()
      .catch(null),
  )
  .catch([]);
const servedView = z.object({
  scienceGoal: z.string().optional().catch(undefined),
  group: groupView,
  member: z.string().optional().catch(undefined),
  executionBlocks: blocksView,
});

/** The fields that relations read. A malformed field becomes one that there is nothing to compare with. */
const relationView = z.object({
  level: z.enum(['member', 'group']).optional().catch(undefined),
  scienceGoal: z.string().optional().catch(undefined),
  group: groupView,
  member: z.string().optional().catch(undefined),
  outcome: z.enum(['PASS', 'SEMIPASS', 'FAIL']).optional().catch(undefined),
  reason: z.unknown().optional(),
  executionBlocks: blocksView,
  alsoServes: z.array(servedView.nullable().catch(null)).optional().catch([]),
  parts: z
    .array(z.object({ name: z.string(), size: sized }).nullable().catch(null))
    .optional()
    .catch([]),
  tree: z
    .object({ location: z.string().optional().catch(undefined) })
    .optional()
    .catch({ location: undefined }),
  recipients: z
    .array(z.object({ role: z.string(), email: z.string() }).nullable().catch(null))
    .optional()
    .catch(undefined),
});
type RelationView = z.infer<typeof relationView>;

function relationViolations(input: unknown): Violation[] {
  const view = relationView.safeParse(input);
  if (!view.success) return [];
  return [hierarchy, repeats, served, delivery, volume, reason, recipients].flatMap((check) => check(view.data));
}

function hierarchy({ level, member, group, scienceGoal, executionBlocks }: RelationView): Violation[] {
  const found: Violation[] = place({ member, group, scienceGoal });
  if (level === 'member' && member === undefined) {
    found.push({ pointer: '/member', message: 'required at level "member"' });
  }
  if (level === 'group' && member !== undefined) {
    found.push({ pointer: '/member', message: 'must be absent at level "group"' });
  }
  if (level === 'group' && group.members.length === 1) {
    found.push({
      pointer: '/group/members',
      message: 'a GroupOUS is delivered only if the group has more than one member (§2)',
    });
  }
  if (level === 'group' && executionBlocks.length > 0) {
    found.push({
      pointer: '/executionBlocks',
      message: 'must be empty at level "group": execution blocks belong to the members',
    });
  }
  return found;
}

/** Checks a MemberOUS and its group. @param at pointer of the object that they are fields of */
function place(
  { member, group, scienceGoal }: Pick<RelationView, 'member' | 'group' | 'scienceGoal'>,
  at = '',
): Violation[] {
  const found: Violation[] = [];
  if (member !== undefined && group.members.length > 0 && !group.members.some((other) => other?.uid === member)) {
    found.push({ pointer: `${at}/member`, message: `${member} is not among the members of its group` });
  }
  if (group.uid !== undefined && (group.uid === scienceGoal || group.members.some((m) => m?.uid === group.uid))) {
    found.push({ pointer: `${at}/group/uid`, message: 'the same uid is used at another level of the hierarchy' });
  }
  return found;
}

/** Checks the further MemberOUSs of the delivery. */
function served({ level, outcome, scienceGoal, group, member, alsoServes }: RelationView): Violation[] {
  if (alsoServes === undefined) return [];
  if (level === 'group') return [{ pointer: '/alsoServes', message: 'must be absent at level "group"' }];
  if (outcome === 'FAIL') {
    const message = 'must be absent if the outcome is FAIL: QA2 decides about each MemberOUS';
    return [{ pointer: '/alsoServes', message }];
  }
  const members = new Map([[member, '/member']]);
  const groups = new Map([[group.uid, JSON.stringify({ scienceGoal, group })]]);
  return alsoServes.flatMap((other, index) => {
    if (other === null) return [];
    const at = `/alsoServes/${index}`;
    const found = [
      ...place(other, at),
      ...repeated(`${at}/group/members`, 'uid', uidsOf(other.group.members)),
      ...repeated(`${at}/executionBlocks`, 'uid', uidsOf(other.executionBlocks)),
    ];
    const first = other.member === undefined ? undefined : members.get(other.member);
    if (first !== undefined) found.push({ pointer: `${at}/member`, message: `repeats ${first}` });
    else members.set(other.member, `${at}/member`);
    const stated = JSON.stringify({ scienceGoal: other.scienceGoal, group: other.group });
    const known = other.group.uid === undefined ? undefined : groups.get(other.group.uid);
    if (known !== undefined && known !== stated) {
      found.push({ pointer: `${at}/group`, message: 'the same group has another science goal or other members above' });
    }
    groups.set(other.group.uid, known ?? stated);
    return found;
  });
}

function uidsOf(list: readonly ({ uid: string } | null)[]): (string | undefined)[] {
  return list.map((item) => item?.uid);
}

function repeats({ group, executionBlocks, parts, recipients: addressed }: RelationView): Violation[] {
  return [
    ...repeated('/group/members', 'uid', uidsOf(group.members)),
    ...repeated('/executionBlocks', 'uid', uidsOf(executionBlocks)),
    ...repeated(
      '/parts',
      'name',
      (parts ?? []).map((part) => part?.name),
    ),
    ...repeated(
      '/recipients',
      'email',
      (addressed ?? []).map((recipient) => recipient?.email.replace(/@[^@]*$/, (domain) => domain.toLowerCase())),
    ),
  ];
}

function repeated(list: string, field: string, values: (string | undefined)[]): Violation[] {
  const firstAt = new Map<string, number>();
  return values.flatMap((value, index) => {
    if (value === undefined) return [];
    const first = firstAt.get(value);
    if (first === undefined) firstAt.set(value, index);
    return first === undefined
      ? []
      : [{ pointer: `${list}/${index}/${field}`, message: `repeats ${list}/${first}/${field}` }];
  });
}

function delivery({ outcome, parts, tree }: RelationView): Violation[] {
  if (parts !== undefined && tree !== undefined) {
    return [{ pointer: '/tree', message: 'give either parts or a tree, not both' }];
  }
  if (parts === undefined && tree === undefined && outcome !== 'FAIL') {
    return [{ pointer: '/parts', message: 'parts or a tree are required unless the outcome is FAIL' }];
  }
  const location = tree?.location;
  if (location !== undefined && locationFault(location) === null && !location.startsWith('file:')) {
    return [{ pointer: '/tree/location', message: 'a tree must have a file:// location' }];
  }
  return [];
}

function reason({ outcome, reason: stated }: RelationView): Violation[] {
  if (stated === undefined || outcome === undefined || outcome === 'FAIL') return [];
  return [{ pointer: '/reason', message: 'must be absent unless the outcome is FAIL' }];
}

function volume({ executionBlocks, alsoServes, parts }: RelationView): Violation[] {
  const blocks = [...executionBlocks, ...(alsoServes ?? []).flatMap((other) => other?.executionBlocks ?? [])];
  const sizes = [...(parts ?? []).map((part) => part?.size), ...blocks.map((block) => block?.asdm.size)];
  const total = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (total <= MAX_BYTES) return [];
  const pointer = executionBlocks.length > 0 ? '/executionBlocks' : '/parts';
  return [{ pointer, message: `the parts and ASDMs have ${total} bytes in total; at most ${MAX_BYTES} are allowed` }];
}

function recipients({ recipients: addressed }: RelationView): Violation[] {
  if (addressed === undefined || addressed.length === 0 || addressed.some((r) => r?.role === 'pi')) return [];
  return [{ pointer: '/recipients', message: 'the PI must be among the recipients' }];
}
