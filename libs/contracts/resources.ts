import { ARRAYS } from '@almagest/ous';
import { z } from 'zod';
import { byteCountSchema, daySchema, projectCodeSchema, revisionSchema, sha256Schema, uidSchema } from './primitives';
import { qa2OutcomeSchema } from './qa2-result';
import { deliveryReportSchema } from './report';

const timestampSchema = z.iso.datetime();

/** How far a QA2 result has come. */
export const qa2StateSchema = z.enum([
  'accepted',
  'recorded',
  'stored',
  'rejected',
  'catalogued',
  'superseded',
  'notified',
  'mail-failed',
]);
export type Qa2State = z.infer<typeof qa2StateSchema>;

/** `GET /qa2-results/{id}` */
export const qa2StatusSchema = z
  .object({
    id: z.uuid(),
    project: projectCodeSchema,
    group: uidSchema,
    ous: uidSchema,
    level: z.enum(['member', 'group']),
    revision: revisionSchema,
    outcome: qa2OutcomeSchema,
    state: qa2StateSchema,
    settled: z.boolean().meta({ description: 'Nothing more will happen to this result by itself' }),
    history: z.array(z.object({ state: qa2StateSchema, at: timestampSchema, detail: z.string().nullable() })),
    report: deliveryReportSchema.nullable(),
    delivery: z.string().nullable().meta({ description: 'Path of the delivery once it is catalogued' }),
  })
  .meta({ id: 'Qa2ResultStatus' });
export type Qa2Status = z.infer<typeof qa2StatusSchema>;

const deliverySummaryFields = {
  id: z.uuid(),
  project: projectCodeSchema,
  ous: uidSchema,
  level: z.enum(['member', 'group']),
  revision: revisionSchema,
  state: z.enum(['current', 'replaced']),
  outcome: qa2OutcomeSchema,
  mode: z.string().meta({ description: '`analyst` or `pipeline` calibrated (§1), or `combination` for a GroupOUS' }),
  parts: z.int(),
  files: z.int(),
  bytes: byteCountSchema,
  cataloguedAt: timestampSchema,
  replacedAt: timestampSchema.nullable(),
  releaseDate: daySchema.nullable(),
};

export const deliverySummarySchema = z.object(deliverySummaryFields).meta({ id: 'DeliverySummary' });
export type DeliverySummary = z.infer<typeof deliverySummarySchema>;

export const deliverySchema = z
  .object({
    ...deliverySummaryFields,
    combines: z.array(z.object({ ous: uidSchema, delivery: z.uuid(), revision: revisionSchema })).meta({
      description: 'For a GroupOUS delivery: the members’ deliveries it combines',
    }),
    partList: z.array(z.object({ name: z.string(), size: byteCountSchema, sha256: sha256Schema, url: z.string() })),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof deliverySchema>;

export const memberFileSchema = z
  .object({
    path: z.string(),
    part: z.string(),
    offset: byteCountSchema,
    size: byteCountSchema,
    sha256: sha256Schema,
    item: z.int().nullable(),
    role: z.string(),
    url: z.string(),
  })
  .meta({ id: 'MemberFile' });
export type MemberFile = z.infer<typeof memberFileSchema>;

/** A page of a list: `next` is the cursor of the following page, null at the end. */
export function pageOf<Item extends z.ZodType>(
  item: Item,
  id: string,
): z.ZodObject<{
  items: z.ZodArray<Item>;
  next: z.ZodNullable<z.ZodString>;
}> {
  return z.object({ items: z.array(item), next: z.string().nullable() }).meta({ id });
}

const executionBlockResource = z.object({
  uid: uidSchema,
  use: z.enum(['used', 'additional']),
  size: byteCountSchema,
});

const ousCommon = {
  uid: uidSchema,
  project: projectCodeSchema,
  scienceGoal: uidSchema,
  revision: revisionSchema.nullable().meta({ description: 'The newest revision heard of; null: none yet' }),
  state: z.enum(['awaited', 'accepted', 'rejected', 'not-delivered', 'delivered']),
  outcome: qa2OutcomeSchema.nullable(),
  delivery: z.uuid().nullable().meta({ description: 'The current delivery' }),
};

export const memberOusSchema = z
  .object({
    level: z.literal('member'),
    ...ousCommon,
    group: uidSchema,
    array: z.enum(ARRAYS),
    schedulingBlock: z.object({ uid: uidSchema, name: z.string() }).nullable(),
    executionBlocks: z.array(executionBlockResource),
  })
  .meta({ id: 'MemberOus' });

export const groupOusSchema = z
  .object({
    level: z.literal('group'),
    ...ousCommon,
    ready: z.boolean().meta({ description: 'All members passed and there is more than one (§2)' }),
    remarks: z.array(z.string()).meta({ description: 'Where the group departs from the composition of §2' }),
    readiness: z.array(
      z.object({
        number: z.int(),
        since: timestampSchema,
        members: z.array(z.object({ uid: uidSchema, revision: revisionSchema })),
        withdrawn: z.object({ at: timestampSchema, reason: z.string() }).nullable(),
      }),
    ),
    members: z.array(memberOusSchema),
  })
  .meta({ id: 'GroupOus' });

/** `GET /ous/{uid}`: a member or a group, with its hierarchy and state. */
export const ousSchema = z.discriminatedUnion('level', [memberOusSchema, groupOusSchema]).meta({ id: 'Ous' });
export type MemberOus = z.infer<typeof memberOusSchema>;
export type GroupOus = z.infer<typeof groupOusSchema>;
export type Ous = z.infer<typeof ousSchema>;

/** `GET /projects/{code}` */
export const projectSchema = z
  .object({
    code: projectCodeSchema,
    scienceGoals: z.array(z.object({ uid: uidSchema, groups: z.array(groupOusSchema) })),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof projectSchema>;

/** `GET /ous/{uid}/asdms`: exactly the execution blocks of one MemberOUS. */
export const asdmListSchema = z
  .object({
    ous: uidSchema,
    project: projectCodeSchema,
    totalSize: byteCountSchema,
    asdms: z.array(
      z.object({
        uid: uidSchema,
        use: z.enum(['used', 'additional']),
        size: byteCountSchema,
        fileName: z.string().meta({ description: 'The name its raw tar is staged under' }),
        unpacksTo: z.string().meta({ description: 'Its directory in the unpacked tree (§5.1)' }),
      }),
    ),
  })
  .meta({ id: 'AsdmList' });
export type AsdmList = z.infer<typeof asdmListSchema>;

/** A mail the notifier wrote. The address is left out: it is nobody's business but the mail server's. */
export const mailSchema = z
  .object({
    id: z.uuid(),
    delivery: z.uuid(),
    ous: uidSchema,
    revision: revisionSchema,
    role: z.enum(['pi', 'delegee', 'submitter']),
    recipient: z.string().meta({ description: 'The recipient’s name' }),
    subject: z.string(),
    state: z.enum(['pending', 'sent', 'failed']),
    createdAt: timestampSchema,
    settledAt: timestampSchema.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Mail' });
export type Mail = z.infer<typeof mailSchema>;
export const mailWithBodySchema = mailSchema
  .extend({ text: z.string(), html: z.string() })
  .meta({ id: 'MailWithBody' });
export type MailWithBody = z.infer<typeof mailWithBodySchema>;
