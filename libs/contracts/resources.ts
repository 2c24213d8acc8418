import { deliveryReportSchema, imageRecordSchema } from '@almagest/delivery';
import { ARRAYS } from '@almagest/ous';
import { z } from 'zod';
import { kafkaPlaceSchema, SERVICES } from './events';
import { byteCountSchema, daySchema, projectCodeSchema, revisionSchema, sha256Schema, uidSchema } from './primitives';
import { observationSchema } from './project-metadata';
import { qa2OutcomeSchema } from './qa2-result';

const timestampSchema = z.iso.datetime();

const alsoServesSchema = z
  .array(uidSchema)
  .default([])
  .meta({ description: 'Further MemberOUSs that the same delivery serves' });

/** The progress of a QA2 result. */
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
    alsoServes: alsoServesSchema,
    outcome: qa2OutcomeSchema,
    state: qa2StateSchema,
    settled: z.boolean().meta({ description: 'The archive has nothing more to do for this result' }),
    history: z.array(z.object({ state: qa2StateSchema, at: timestampSchema, detail: z.string().nullable() })),
    report: deliveryReportSchema.nullable(),
    delivery: z.string().nullable().meta({ description: 'Path of the delivery once it is catalogued' }),
  })
  .meta({ id: 'Qa2ResultStatus' });
export type Qa2Status = z.infer<typeof qa2StatusSchema>;

const deliverySummaryFields = {
  id: z.uuid(),
  project: projectCodeSchema,
  ous: uidSchema.meta({ description: 'The ObsUnitSet that the delivery is named after' }),
  alsoServes: alsoServesSchema,
  level: z.enum(['member', 'group']),
  revision: revisionSchema,
  state: z.enum(['current', 'replaced', 'withdrawn']).meta({
    description:
      'In the list of an ObsUnitSet: for that one. Otherwise a delivery is `replaced` once it is for every one it serves',
  }),
  outcome: qa2OutcomeSchema,
  mode: z.string().meta({ description: '`analyst` or `pipeline` calibrated (§1), or `combination` for a GroupOUS' }),
  parts: z.int(),
  files: z.int(),
  bytes: byteCountSchema,
  cataloguedAt: timestampSchema,
  replacedAt: timestampSchema.nullable(),
  withdrawn: z
    .object({ at: timestampSchema, revision: revisionSchema.meta({ description: 'The revision that failed QA2' }) })
    .nullable()
    .meta({ description: 'When QA2 withdrew the delivery; it can no longer be downloaded. Null: it is not withdrawn' }),
  releaseDate: daySchema.nullable(),
};

export const deliverySummarySchema = z.object(deliverySummaryFields).meta({ id: 'DeliverySummary' });
export type DeliverySummary = z.infer<typeof deliverySummarySchema>;

export const deliverySchema = z
  .object({
    ...deliverySummaryFields,
    combines: z.array(z.object({ ous: uidSchema, delivery: z.uuid(), revision: revisionSchema })).meta({
      description: 'The deliveries of the members that a GroupOUS delivery combines',
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
    image: imageRecordSchema.nullable().default(null).meta({ description: 'What an image shows; null: no image' }),
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
  observation: observationSchema.nullable().default(null).meta({
    description: 'As the metadata of the project state, else the QA2 result; null: neither does',
  }),
});

const ousCommon = {
  uid: uidSchema,
  project: projectCodeSchema,
  scienceGoal: uidSchema,
  revision: revisionSchema.nullable().meta({ description: 'The newest known revision; null if there is none yet' }),
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
    ready: z.boolean().meta({ description: 'The group has more than one member and all of them passed (§2)' }),
    remarks: z.array(z.string()).meta({ description: 'How the group differs from the composition of §2' }),
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

/** `GET /ous/{uid}/asdms`: the execution blocks of one MemberOUS and of no other. */
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
        fileName: z.string().meta({ description: 'The file name of its raw tar when it is staged' }),
        unpacksTo: z.string().meta({ description: 'Its directory in the unpacked tree (§5.1)' }),
      }),
    ),
  })
  .meta({ id: 'AsdmList' });
export type AsdmList = z.infer<typeof asdmListSchema>;

/** A mail that the notifier wrote. The address is left out: only the mail server needs it. */
export const mailSchema = z
  .object({
    id: z.uuid(),
    delivery: z
      .uuid()
      .nullable()
      .meta({ description: 'Null for a mail about raw data of a MemberOUS without a delivery' }),
    ous: uidSchema,
    revision: revisionSchema,
    role: z.enum(['pi', 'delegee', 'submitter', 'requester']),
    recipient: z.string().meta({ description: 'The recipient’s name' }),
    subject: z.string(),
    state: z.enum(['pending', 'sent', 'failed', 'bounced']).meta({
      description:
        '`failed`: refused by the mail server, or given up; `bounced`: accepted by the mail server, then returned',
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
      .regex(/^[\0-\xff]*$/, { error: 'expected one character (U+0000 to U+00FF) per byte' })
      .meta({
        description: 'A delivery status notification (RFC 3464) as received, one character (U+0000 to U+00FF) per byte',
      }),
  })
  .meta({ id: 'Bounce' });

/** `POST /deliveries/{id}/links` */
export const deliveryLinkRequestSchema = z
  .strictObject({ days: z.int().min(1).max(366).default(90).meta({ description: 'How many days the link is valid' }) })
  .meta({ id: 'DeliveryLinkRequest' });

/** A link that lets anyone who has it download one delivery. */
export const deliveryLinkSchema = z
  .object({
    id: z.uuid().meta({ description: 'The id to revoke the link by' }),
    delivery: z.uuid(),
    link: z.string().meta({
      description: 'The value of the query parameter `link` of the delivery’s URLs; also accepted as a bearer token',
    }),
    url: z.string().meta({ description: 'The delivery’s URL with the link' }),
    expiresAt: timestampSchema,
  })
  .meta({ id: 'DeliveryLink' });
export type DeliveryLink = z.infer<typeof deliveryLinkSchema>;

/** `GET /deliveries/{id}/parts/{name}/link` */
export const partLinkSchema = z
  .object({
    url: z.string().meta({ description: 'Absolute if presigned, otherwise a path of this service' }),
    presigned: z.boolean().meta({ description: 'The URL needs no token; do not send one' }),
    expiresAt: timestampSchema.nullable(),
    size: byteCountSchema,
    sha256: sha256Schema,
  })
  .meta({ id: 'PartLink' });
export type PartLink = z.infer<typeof partLinkSchema>;

/** Something wrong with a stored object, or a difference between the catalogue and the object store. */
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
          '`corrupt`: its bytes differ from those that were catalogued; `unreadable`: the store does not return all of its ' +
          'bytes; `lost`: not in the store; `size-differs`: its size differs from the catalogued one; `orphan`: its ' +
          'delivery was rejected, or catalogued without it; `uncatalogued`: part of a complete delivery that is not in ' +
          'the catalogue; `unsettled`: its delivery is neither catalogued nor rejected; `foreign`: the archive never ' +
          'writes such a key; `abandoned-upload`: an unfinished upload; `manifest-unusable`: a rebuild cannot use the ' +
          'manifest; `unwithdrawn`: says that its delivery was withdrawn, but the catalogue does not',
      }),
    key: z.string().meta({ description: 'The object’s key in the store' }),
    upload: z.string().nullable().meta({ description: 'The id of the unfinished upload, for `abandoned-upload`' }),
    expected: z.string().nullable(),
    found: z.string().nullable(),
    remark: z.string().meta({ description: 'What it means and what to do' }),
    repair: z.enum(['pending', 'done', 'not-possible']).nullable().meta({
      description: 'Null: no repair was requested. `remark` says what happens next, or why nothing can be done',
    }),
    lastGoodAt: timestampSchema.nullable().meta({ description: 'When a scrub last found the object intact' }),
    foundAt: timestampSchema,
  })
  .meta({ id: 'UpkeepFinding' });
export type UpkeepFinding = z.infer<typeof upkeepFindingSchema>;

const upkeepRunFields = {
  id: z.uuid(),
  state: z.enum(['waiting', 'running', 'done']),
  scheduled: z.boolean().meta({ description: 'Started by the schedule, not by a request' }),
  requestedAt: timestampSchema,
  startedAt: timestampSchema.nullable(),
  endedAt: timestampSchema.nullable(),
  lastFailure: z
    .string()
    .nullable()
    .meta({ description: 'Why the last attempt failed; the run is retried automatically' }),
};
const findingsPage = { findings: pageOf(upkeepFindingSchema, 'UpkeepFindingPage') };
const countSchema = z.int().nonnegative();

/** `/upkeep/scrubs`: reads every stored object and compares it with its SHA-256. */
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
        'Delete orphans and have ingest recover lost parts from where they were posted; otherwise only report',
    }),
  })
  .meta({ id: 'ReconciliationRequest' });

/** `/upkeep/reconciliations`: compares the objects in the catalogue with those in the object store. */
export const reconciliationSchema = z
  .object({
    ...upkeepRunFields,
    repair: z.boolean(),
    catalogued: countSchema.meta({ description: 'Objects in the catalogue' }),
    stored: countSchema.meta({ description: 'Objects in the store' }),
    recent: countSchema.meta({
      description: 'Objects and uploads that are not in the catalogue, but younger than the grace period',
    }),
    inFlight: countSchema.meta({
      description: 'Objects and uploads of deliveries that are still being stored or catalogued',
    }),
    findingCount: countSchema,
    repaired: countSchema,
    restoring: countSchema.meta({
      description: 'Lost parts that ingest has not recovered yet; the run may be done before they are',
    }),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof reconciliationSchema>;
export const reconciliationWithFindingsSchema = reconciliationSchema
  .extend(findingsPage)
  .meta({ id: 'ReconciliationWithFindings' });
export type ReconciliationWithFindings = z.infer<typeof reconciliationWithFindingsSchema>;

/** `/upkeep/rebuilds`: rebuilds an empty catalogue from the manifests in the object store. */
export const rebuildSchema = z
  .object({
    ...upkeepRunFields,
    deliveries: countSchema.meta({ description: 'Deliveries recorded so far' }),
    findingCount: countSchema.meta({ description: 'Manifests that could not be used' }),
  })
  .meta({ id: 'Rebuild' });
export type Rebuild = z.infer<typeof rebuildSchema>;
export const rebuildWithFindingsSchema = rebuildSchema.extend(findingsPage).meta({ id: 'RebuildWithFindings' });
export type RebuildWithFindings = z.infer<typeof rebuildWithFindingsSchema>;

/** `/upkeep/search-rebuilds`: fills the tables of search again from the catalogue. */
export const searchRebuildSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(['waiting', 'running', 'done']),
    requestedAt: timestampSchema,
    endedAt: timestampSchema.nullable(),
    deliveries: countSchema.meta({ description: 'ObsUnitSets whose rows were replaced so far' }),
    removed: countSchema.meta({ description: 'ObsUnitSets whose rows were removed: they have no current delivery' }),
    lastFailure: z.string().nullable(),
  })
  .meta({ id: 'SearchRebuild' });
export type SearchRebuild = z.infer<typeof searchRebuildSchema>;

/** A line of `GET /changes`. */
export const changeSchema = z
  .object({
    id: z.int().meta({ description: 'Rises by one with each change' }),
    kind: z.enum(['added', 'replaced', 'withdrawn', 'released']).meta({
      description: '`released`: the release date of a delivery that was proprietary has passed',
    }),
    ous: uidSchema,
    project: projectCodeSchema,
    revision: revisionSchema,
    delivery: z.uuid(),
    dataRights: z.enum(['Public', 'Proprietary']).nullable().meta({
      description: 'The rights of the data from then on; null after a withdrawal',
    }),
    at: timestampSchema,
  })
  .meta({ id: 'Change' });
export type Change = z.infer<typeof changeSchema>;

/** `/upkeep/dead-letters`: messages that services could not handle. */
export const deadLetterSchema = z
  .object({
    id: z.string().regex(/^\d{1,18}$/),
    service: z.enum(SERVICES).meta({ description: 'The service that could not handle the message' }),
    type: z.string().nullable().meta({ description: 'The type of the message; null if it has none' }),
    subject: z.string().nullable().meta({ description: 'The ObsUnitSet that the message is about' }),
    reason: z.string(),
    attempts: z.int(),
    deadAt: timestampSchema,
    state: z.enum(['waiting', 'replayed', 'discarded']),
    settledAt: timestampSchema.nullable().meta({ description: 'When it was replayed or discarded' }),
    place: kafkaPlaceSchema
      .nullable()
      .meta({ description: 'Where it was read on Kafka; null if it came through the database' }),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterSummary = z.infer<typeof deadLetterSchema>;
export const deadLetterWithMessageSchema = deadLetterSchema
  .extend({ message: z.unknown().meta({ description: 'The message as received' }) })
  .meta({ id: 'DeadLetterWithMessage' });
export type DeadLetterWithMessage = z.infer<typeof deadLetterWithMessageSchema>;
