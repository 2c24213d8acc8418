import { ARRAYS } from '@almagest/ous';
import { z } from 'zod';
import { kafkaPlaceSchema, SERVICES } from './events';
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
  'withdrawn',
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
  state: z.enum(['current', 'replaced', 'withdrawn']),
  outcome: qa2OutcomeSchema,
  mode: z.string().meta({ description: '`analyst` or `pipeline` calibrated (§1), or `combination` for a GroupOUS' }),
  parts: z.int(),
  files: z.int(),
  bytes: byteCountSchema,
  cataloguedAt: timestampSchema,
  replacedAt: timestampSchema.nullable(),
  withdrawn: z
    .object({ at: timestampSchema, revision: revisionSchema.meta({ description: 'The one that failed QA2' }) })
    .nullable()
    .meta({ description: 'Since when QA2 has taken it back: nothing of it can be had' }),
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
    delivery: z.uuid().nullable().meta({ description: 'Null for raw data of a MemberOUS without a delivery' }),
    ous: uidSchema,
    revision: revisionSchema,
    role: z.enum(['pi', 'delegee', 'submitter', 'requester']),
    recipient: z.string().meta({ description: 'The recipient’s name' }),
    subject: z.string(),
    state: z.enum(['pending', 'sent', 'failed', 'bounced']).meta({
      description: '`failed`: refused, or given up; `bounced`: the mail server took it, and it came back',
    }),
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

/** `POST /mails/bounces` */
export const bounceSchema = z
  .strictObject({
    message: z
      .string()
      .min(1)
      .max(262_144)
      .regex(/^[\0-\xff]*$/, { error: 'expected a character for each byte' })
      .meta({
        description: 'A report on a delivery (RFC 3464) as it came, each byte as the character of its number',
      }),
  })
  .meta({ id: 'Bounce' });

/** `POST /deliveries/{id}/links` */
export const deliveryLinkRequestSchema = z
  .strictObject({ days: z.int().min(1).max(366).default(90).meta({ description: 'How long it holds' }) })
  .meta({ id: 'DeliveryLinkRequest' });

/** A link to the data of one delivery, for whoever has it. */
export const deliveryLinkSchema = z
  .object({
    id: z.uuid().meta({ description: 'What it can be revoked by' }),
    delivery: z.uuid(),
    link: z.string().meta({ description: 'The query parameter `link` of the delivery’s URLs, or a bearer token' }),
    url: z.string().meta({ description: 'Where the delivery is, with the link' }),
    expiresAt: timestampSchema,
  })
  .meta({ id: 'DeliveryLink' });
export type DeliveryLink = z.infer<typeof deliveryLinkSchema>;

/** `GET /deliveries/{id}/parts/{name}/link` */
export const partLinkSchema = z
  .object({
    url: z.string().meta({ description: 'Absolute when presigned, else a path of this service' }),
    presigned: z.boolean().meta({ description: 'The link needs no token and must not be sent one' }),
    expiresAt: timestampSchema.nullable(),
    size: byteCountSchema,
    sha256: sha256Schema,
  })
  .meta({ id: 'PartLink' });
export type PartLink = z.infer<typeof partLinkSchema>;

/** Something that is not as it should be between the catalogue and the store. */
export const upkeepFindingSchema = z
  .object({
    kind: z
      .enum([
        'corrupt',
        'unreadable',
        'lost',
        'size-differs',
        'orphan',
        'uncatalogued',
        'unsettled',
        'foreign',
        'abandoned-upload',
        'manifest-unusable',
        'unwithdrawn',
      ])
      .meta({
        description:
          '`corrupt`: other bytes than were catalogued; `lost`: not in the store; `orphan`: left over from a delivery that ' +
          'is settled; `uncatalogued`: part of a whole delivery that the catalogue does not have; `unsettled`: of a ' +
          'delivery whose end the catalogue has not heard of; `foreign`: not where the archive puts anything; ' +
          '`unwithdrawn`: says that its delivery was withdrawn, which the catalogue does not know',
      }),
    key: z.string().meta({ description: 'Of the object in the store' }),
    upload: z.string().nullable().meta({ description: 'The unfinished upload, for `abandoned-upload`' }),
    expected: z.string().nullable(),
    found: z.string().nullable(),
    remark: z.string().meta({ description: 'What it means and what to do' }),
    repair: z
      .enum(['pending', 'done', 'not-possible'])
      .nullable()
      .meta({ description: 'Null: no repair was asked for; what is to happen, or why it cannot, says `remark`' }),
    lastGoodAt: timestampSchema.nullable().meta({ description: 'When a scrub last saw the object as it should be' }),
    foundAt: timestampSchema,
  })
  .meta({ id: 'UpkeepFinding' });
export type UpkeepFinding = z.infer<typeof upkeepFindingSchema>;

const upkeepRunFields = {
  id: z.uuid(),
  state: z.enum(['waiting', 'running', 'done']),
  scheduled: z.boolean().meta({ description: 'Begun by the schedule, not by a caller' }),
  requestedAt: timestampSchema,
  startedAt: timestampSchema.nullable(),
  endedAt: timestampSchema.nullable(),
  lastFailure: z.string().nullable().meta({ description: 'Why it broke off last; it goes on by itself' }),
};
const findingsPage = { findings: pageOf(upkeepFindingSchema, 'UpkeepFindingPage') };
const countSchema = z.int().nonnegative();

/** `/upkeep/scrubs`: every stored object is read and held against its SHA-256. */
export const scrubSchema = z
  .object({
    ...upkeepRunFields,
    objects: z.object({ due: countSchema, read: countSchema }),
    bytes: z.object({ due: byteCountSchema, read: byteCountSchema }),
    damaged: countSchema,
    reading: z.object({ key: z.string(), bytes: byteCountSchema }).nullable(),
  })
  .meta({ id: 'Scrub' });
export type Scrub = z.infer<typeof scrubSchema>;
export const scrubWithFindingsSchema = scrubSchema.extend(findingsPage).meta({ id: 'ScrubWithFindings' });
export type ScrubWithFindings = z.infer<typeof scrubWithFindingsSchema>;

/** `POST /upkeep/reconciliations` */
export const reconciliationRequestSchema = z
  .strictObject({
    repair: z.boolean().meta({
      description:
        'Delete what is certainly left over, and have lost parts read again from where they were posted; else only name it',
    }),
  })
  .meta({ id: 'ReconciliationRequest' });

/** `/upkeep/reconciliations`: the catalogue's objects and the store's are held against each other. */
export const reconciliationSchema = z
  .object({
    ...upkeepRunFields,
    repair: z.boolean(),
    catalogued: countSchema.meta({ description: 'Objects the catalogue knows' }),
    stored: countSchema.meta({ description: 'Objects the store lists' }),
    recent: countSchema.meta({ description: 'Unknown to the catalogue, but younger than the grace time' }),
    inFlight: countSchema.meta({ description: 'Of deliveries that are on their way' }),
    findingCount: countSchema,
    repaired: countSchema,
    restoring: countSchema.meta({
      description: 'Lost parts that are still to be read again from their source, also when all else is done',
    }),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof reconciliationSchema>;
export const reconciliationWithFindingsSchema = reconciliationSchema
  .extend(findingsPage)
  .meta({ id: 'ReconciliationWithFindings' });
export type ReconciliationWithFindings = z.infer<typeof reconciliationWithFindingsSchema>;

/** `/upkeep/rebuilds`: an empty catalogue is written anew from the manifests in the store. */
export const rebuildSchema = z
  .object({
    ...upkeepRunFields,
    deliveries: countSchema.meta({ description: 'Deliveries written so far' }),
    findingCount: countSchema.meta({ description: 'Manifests that could not be used' }),
  })
  .meta({ id: 'Rebuild' });
export type Rebuild = z.infer<typeof rebuildSchema>;
export const rebuildWithFindingsSchema = rebuildSchema.extend(findingsPage).meta({ id: 'RebuildWithFindings' });
export type RebuildWithFindings = z.infer<typeof rebuildWithFindingsSchema>;

/** `/upkeep/dead-letters`: messages that services gave up. */
export const deadLetterSchema = z
  .object({
    id: z.string().regex(/^\d{1,18}$/),
    service: z.enum(SERVICES).meta({ description: 'Which service could not handle it' }),
    type: z.string().nullable().meta({ description: 'Of the message; null when it is none' }),
    subject: z.string().nullable().meta({ description: 'The ObsUnitSet it is about' }),
    reason: z.string(),
    attempts: z.int(),
    deadAt: timestampSchema,
    state: z.enum(['waiting', 'replayed', 'discarded']),
    settledAt: timestampSchema.nullable().meta({ description: 'When it was replayed or discarded' }),
    place: kafkaPlaceSchema.nullable().meta({ description: 'Where on Kafka it was read; null when elsewhere' }),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterSummary = z.infer<typeof deadLetterSchema>;
export const deadLetterWithMessageSchema = deadLetterSchema
  .extend({ message: z.unknown().meta({ description: 'The message as it came' }) })
  .meta({ id: 'DeadLetterWithMessage' });
export type DeadLetterWithMessage = z.infer<typeof deadLetterWithMessageSchema>;
