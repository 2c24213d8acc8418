import { z } from 'zod';
import {
  byteCountSchema,
  instantSchema,
  projectCodeSchema,
  revisionSchema,
  sha256Schema,
  uidSchema,
} from './primitives';
import { withdrawalFacts } from './manifest';
import { publicMetadataSchema } from './project-metadata';
import { qa2ResultSchema } from './qa2-result';
import { rawAsdmSchema, rawRequestSchema } from './raw-data';
import { deliveryReportSchema } from '@almagest/delivery';

/** The services of the archive. Each one is a consumer group on the bus. */
export const SERVICES = ['intake', 'ingest', 'catalogue', 'notifier', 'request-handler', 'search'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** A kind of message on the bus: its type, its topic, its publisher and its subscribers. */
export interface EventContract<Schema extends z.ZodType = z.ZodType> {
  readonly type: string;
  readonly topic: string;
  readonly summary: string;
  readonly publisher: ServiceName | 'observatory pipeline' | 'every service';
  readonly subscribers: readonly ServiceName[];
  readonly schema: Schema;
}

/** The data an event of this contract carries. */
export type DataOf<Contract> = Contract extends EventContract<infer Schema> ? z.infer<Schema> : never;

/** The fields of every event about a delivery. The id of a delivery is the id of its QA2 result. */
const deliveryIdentity = {
  deliveryId: z.uuid(),
  project: projectCodeSchema,
  group: uidSchema,
  ous: uidSchema,
  level: z.enum(['member', 'group']),
  revision: revisionSchema,
};

/** The further MemberOUSs of a delivery that serves several (docs/adr/0041). */
const servedMembers = {
  alsoServes: z
    .array(z.object({ group: uidSchema, ous: uidSchema }))
    .default([])
    .meta({ description: 'Further MemberOUSs that the delivery serves, with their GroupOUSs' }),
};

const TYPE = 'org.almaobservatory.almagest';

function contract<Schema extends z.ZodType>(definition: EventContract<Schema>): EventContract<Schema> {
  return { ...definition, type: `${TYPE}.${definition.type}` };
}

export const qa2ResultPosted = contract({
  type: 'Qa2ResultPosted',
  topic: 'almagest.qa2-results.v1',
  summary: 'A QA2 result, posted on the bus instead of over HTTP. Not validated yet.',
  publisher: 'observatory pipeline',
  subscribers: ['intake'],
  schema: qa2ResultSchema,
});

export const qa2ResultAccepted = contract({
  type: 'Qa2ResultAccepted',
  topic: 'almagest.qa2-results-accepted.v1',
  summary: 'A QA2 result was validated and recorded. `deliver` says whether ingest stores its files.',
  publisher: 'intake',
  subscribers: ['ingest', 'catalogue', 'notifier', 'request-handler'],
  schema: z.object({ id: z.uuid(), deliver: z.boolean(), result: qa2ResultSchema }),
});

export const deliveryStored = contract({
  type: 'DeliveryStored',
  topic: 'almagest.ingest.v1',
  summary: 'Every part of a delivery is verified and stored. The manifest object lists the files in the parts.',
  publisher: 'ingest',
  subscribers: ['intake', 'catalogue'],
  schema: z.object({
    ...deliveryIdentity,
    ...servedMembers,
    manifest: z.object({ key: z.string(), size: byteCountSchema, sha256: sha256Schema }),
    report: deliveryReportSchema,
  }),
});

export const deliveryRejected = contract({
  type: 'DeliveryRejected',
  topic: 'almagest.ingest.v1',
  summary: 'A delivery was rejected and is not visible. The report has every finding.',
  publisher: 'ingest',
  subscribers: ['intake', 'catalogue', 'notifier'],
  schema: z.object({ ...deliveryIdentity, ...servedMembers, report: deliveryReportSchema }),
});

export const deliveryCatalogued = contract({
  type: 'DeliveryCatalogued',
  topic: 'almagest.deliveries.v1',
  summary: 'A delivery is in the catalogue and visible. It replaces the previous revision, if there was one.',
  publisher: 'catalogue',
  subscribers: ['intake', 'notifier', 'search'],
  schema: z.object({
    ...deliveryIdentity,
    ...servedMembers,
    replaces: z.uuid().nullable().meta({
      description:
        'The delivery that was current before, even if it has been withdrawn since; of several members, that of the first',
    }),
    supersededBy: z.uuid().nullable().meta({
      description: 'A newer revision that was catalogued before this one, for every member that it serves',
    }),
  }),
});

export const deliveryWithdrawn = contract({
  type: 'DeliveryWithdrawn',
  topic: 'almagest.deliveries.v1',
  summary: 'The FAIL of a later revision withdrew a delivery. The archive keeps it but no longer serves it.',
  publisher: 'catalogue',
  subscribers: ['intake', 'notifier', 'search'],
  schema: z.object({ ...deliveryIdentity, ...servedMembers, ...withdrawalFacts }),
});

const lostPart = {
  ...deliveryIdentity,
  part: z
    .object({
      name: z.string(),
      key: z.string().meta({ description: 'The object’s key in the object store' }),
      size: byteCountSchema,
      sha256: sha256Schema,
    })
    .meta({ description: 'The part as the catalogue describes it' }),
};

export const partLost = contract({
  type: 'PartLost',
  topic: 'almagest.repairs.v1',
  summary: 'A catalogued part is missing from the object store. Ingest reads it again from where it was posted.',
  publisher: 'catalogue',
  subscribers: ['ingest'],
  schema: z.object(lostPart),
});

export const lostPartSettled = contract({
  type: 'LostPartSettled',
  topic: 'almagest.repairs.v1',
  summary: 'Ingest has recovered a lost part byte for byte, or cannot recover it.',
  publisher: 'ingest',
  subscribers: ['catalogue'],
  schema: z.object({
    ...lostPart,
    notRestored: z.string().nullable().meta({ description: 'Why the part was not recovered; null if it was' }),
  }),
});

const memberRevisions = z.array(z.object({ uid: uidSchema, revision: revisionSchema }));

export const groupReadyForCombination = contract({
  type: 'GroupReadyForCombination',
  topic: 'almagest.deliveries.v1',
  summary: 'A group has more than one member, and all have passed QA2 and are catalogued: they can be combined (§2).',
  publisher: 'catalogue',
  subscribers: [],
  schema: z.object({
    project: projectCodeSchema,
    group: uidSchema,
    readiness: z.int().meta({ description: 'Starts at 1 and increases each time the group becomes ready again' }),
    members: memberRevisions,
  }),
});

export const groupReadinessWithdrawn = contract({
  type: 'GroupReadinessWithdrawn',
  topic: 'almagest.deliveries.v1',
  summary: 'A group is no longer ready: a member failed QA2 later or has a new revision, or the members changed.',
  publisher: 'catalogue',
  subscribers: [],
  schema: z.object({ project: projectCodeSchema, group: uidSchema, readiness: z.int(), reason: z.string() }),
});

export const catalogueRebuilt = contract({
  type: 'CatalogueRebuilt',
  topic: 'almagest.upkeep.v1',
  summary: 'The catalogue was rebuilt from the object store. What is derived from it must be filled again.',
  publisher: 'catalogue',
  subscribers: ['search'],
  schema: z.object({ rebuild: z.uuid().meta({ description: 'The run of the rebuild' }) }),
});

export const mailSettled = contract({
  type: 'MailSettled',
  topic: 'almagest.mails.v1',
  summary: 'A mail about a delivery was handed to the mail server, or given up after the last retry.',
  publisher: 'notifier',
  subscribers: ['intake'],
  schema: z.object({
    ...deliveryIdentity,
    mailId: z.uuid(),
    outcome: z.enum(['sent', 'failed']),
    outstanding: z.int().meta({ description: 'Mails about this delivery that are not settled yet' }),
    failed: z.int().meta({ description: 'Mails about this delivery that were given up' }),
  }),
});

export const projectMetadataRecorded = contract({
  type: 'ProjectMetadataRecorded',
  topic: 'almagest.project-metadata.v1',
  summary: 'The metadata of a project have a new revision. The message key and the subject are the project code.',
  publisher: 'catalogue',
  subscribers: ['search'],
  schema: z.object({
    project: projectCodeSchema,
    metadata: publicMetadataSchema,
    recordedAt: instantSchema,
  }),
});

/** The topic of messages that a service could not handle, with the reason and their origin. */
export const DEAD_LETTER_TOPIC = 'almagest.dead-letters.v1';

/** Where a message was on Kafka. */
export const kafkaPlaceSchema = z.object({
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  timestamp: z.string().meta({ description: 'Milliseconds since 1970' }),
});
export type KafkaPlace = z.infer<typeof kafkaPlaceSchema>;

export const messageGivenUp = contract({
  type: 'MessageGivenUp',
  topic: DEAD_LETTER_TOPIC,
  summary: 'A service could not handle a message and recorded a dead letter. An operator replays or discards it.',
  publisher: 'every service',
  subscribers: [],
  schema: z.object({
    deadLetter: z
      .string()
      .meta({ description: 'The number of the dead letter; use it to replay or discard the message' }),
    service: z.enum(SERVICES),
    reason: z.string(),
    attempts: z.int(),
    place: kafkaPlaceSchema
      .nullable()
      .meta({ description: 'Where it was read on Kafka; null if it came through the database' }),
    message: z.unknown().meta({ description: 'The message as received' }),
  }),
});

const rawDataIdentity = {
  requestId: z.uuid(),
  project: projectCodeSchema,
  group: uidSchema,
  ous: uidSchema,
  revision: revisionSchema,
  delivery: z
    .uuid()
    .nullable()
    .meta({ description: 'The current delivery of the MemberOUS at the time of the request' }),
  notify: rawRequestSchema.shape.notify.unwrap().nullable().meta({ description: 'Who receives a mail; null: nobody' }),
  expiresAt: instantSchema.meta({ description: 'The staged files are available until then' }),
  asdms: z.array(rawAsdmSchema),
};

export const rawDataStaged = contract({
  type: 'RawDataStaged',
  topic: 'almagest.raw-data.v1',
  summary: 'Every ASDM of a request for raw data is in the staging area and verified.',
  publisher: 'request-handler',
  subscribers: ['notifier'],
  schema: z.object(rawDataIdentity),
});

export const rawDataStagingFailed = contract({
  type: 'RawDataStagingFailed',
  topic: 'almagest.raw-data.v1',
  summary: 'Some ASDMs of a request for raw data could not be staged; each has the reason. The request can be retried.',
  publisher: 'request-handler',
  subscribers: ['notifier'],
  schema: z.object(rawDataIdentity),
});

/** All events. */
export const EVENTS: readonly EventContract[] = [
  qa2ResultPosted,
  qa2ResultAccepted,
  deliveryStored,
  deliveryRejected,
  deliveryCatalogued,
  deliveryWithdrawn,
  partLost,
  lostPartSettled,
  groupReadyForCombination,
  groupReadinessWithdrawn,
  projectMetadataRecorded,
  catalogueRebuilt,
  mailSettled,
  messageGivenUp,
  rawDataStaged,
  rawDataStagingFailed,
];

/** All topics of the bus. */
export const TOPICS: readonly string[] = [...new Set(EVENTS.map((event) => event.topic))];
