import { ARRAYS, type Uid } from '@almagest/ous';
import { z } from 'zod';
import { humanText, textUpTo } from './human-text';
import {
  byteCountSchema,
  daySchema,
  instantSchema,
  locationSchema,
  mailAddressSchema,
  projectCodeSchema,
  revisionSchema,
  sha256Schema,
  uidSchema,
} from './primitives';
import { observationSchema, projectMetadataSchema } from './project-metadata';

export const qa2OutcomeSchema = z.enum(['PASS', 'SEMIPASS', 'FAIL']);
export type Qa2Outcome = z.infer<typeof qa2OutcomeSchema>;

/** A scheduling block: the observing script of a MemberOUS (§2). */
const schedulingBlockSchema = z.strictObject({ uid: uidSchema, name: humanText });

const groupMemberSchema = z.strictObject({
  uid: uidSchema,
  array: z.enum(ARRAYS),
  schedulingBlock: schedulingBlockSchema.optional(),
});

/** The GroupOUS of a MemberOUS, with all its members. */
const groupSchema = z.strictObject({ uid: uidSchema, members: z.array(groupMemberSchema).min(1).max(1000) });

const executionBlockSchema = z.strictObject({
  uid: uidSchema,
  use: z.enum(['used', 'additional']).meta({
    description: '`used` in the imaging and QA2 assessment, or `additional`: observed but not used (§3, item 7)',
  }),
  asdm: z.strictObject({ size: byteCountSchema, location: locationSchema }),
  observation: observationSchema.optional(),
});

const servedMemberSchema = z.strictObject({
  scienceGoal: uidSchema,
  group: groupSchema,
  member: uidSchema,
  executionBlocks: z.array(executionBlockSchema).max(1000),
});

const partSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,254}$/, { error: 'expected a plain file name' }),
  location: locationSchema,
  size: byteCountSchema,
  sha256: sha256Schema,
});

const recipientSchema = z.strictObject({
  role: z.enum(['pi', 'delegee']),
  name: humanText,
  email: mailAddressSchema,
});

/**
 * A QA2 result as the observatory's pipeline posts it (docs/openapi): what was decided for one ObsUnitSet, and where the
 * files of its delivery are. It does not state the calibration mode: the delivered files do (§1).
 */
export const qa2ResultSchema = z
  .strictObject({
    project: projectCodeSchema,
    level: z.enum(['member', 'group']),
    scienceGoal: uidSchema,
    group: groupSchema,
    member: uidSchema.optional().meta({ description: 'The MemberOUS; required at level `member`, absent at `group`' }),
    revision: revisionSchema,
    outcome: qa2OutcomeSchema,
    reason: textUpTo(1000).optional().meta({
      description: 'Why QA2 failed, in words for the PI; the mail about a withdrawn delivery quotes it',
    }),
    decidedAt: instantSchema,
    executionBlocks: z.array(executionBlockSchema).max(1000),
    alsoServes: z
      .array(servedMemberSchema)
      .min(1)
      .max(100)
      .optional()
      .meta({
        description:
          'Further MemberOUSs of the project that the same files serve, as in Cycle 0: the delivery is stored once and ' +
          'catalogued under each, with the same revision and outcome. Only for a MemberOUS that is delivered',
      }),
    parts: z.array(partSchema).min(1).max(1000).optional().meta({ description: 'The tar parts of the delivery' }),
    tree: z.strictObject({ location: locationSchema }).optional().meta({
      description:
        'Instead of `parts`: the directory that holds the unpacked `<project>/`; the archive packs it into parts',
    }),
    recipients: z.array(recipientSchema).min(1).max(50),
    releaseDate: daySchema.nullable().meta({ description: 'When the data become public; null: they stay proprietary' }),
    metadata: projectMetadataSchema.optional(),
  })
  .meta({ id: 'Qa2Result' });

export type Qa2Result = z.infer<typeof qa2ResultSchema>;

/** An ObsUnitSet that a delivery serves, with its place in the hierarchy and its execution blocks. */
export interface ServedOus extends Pick<Qa2Result, 'scienceGoal' | 'group' | 'executionBlocks'> {
  ous: Qa2Result['scienceGoal'];
}

/** Returns the ObsUnitSets that a delivery serves, the one that it is named after first. */
export function servedBy(
  { scienceGoal, group, executionBlocks, alsoServes = [] }: Omit<ServedOus, 'ous'> & Pick<Qa2Result, 'alsoServes'>,
  ous: ServedOus['ous'],
): ServedOus[] {
  const others = alsoServes.map(({ member, ...other }) => ({ ...other, ous: member }));
  return [{ scienceGoal, group, executionBlocks, ous }, ...others];
}

/** Returns the further MemberOUSs that a delivery serves, with their GroupOUSs. */
export function furtherMembers({ alsoServes = [] }: Pick<Qa2Result, 'alsoServes'>): { group: Uid; ous: Uid }[] {
  return alsoServes.map(({ group, member }) => ({ group: group.uid, ous: member }));
}

/** Returns the uid of the ObsUnitSet that the result is about. */
export function ousOf(result: Qa2Result): Qa2Result['scienceGoal'] {
  return result.member ?? result.group.uid;
}
