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
import { qa2ResultSchema } from './qa2-result';
import { rawAsdmSchema, rawRequestSchema } from './raw-data';
import { deliveryReportSchema } from './report';

/** The services of the archive, and so the consumer groups of its bus. */
export const SERVICES = ['intake', 'ingest', 'catalogue', 'notifier', 'request-handler'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** A kind of message on the bus: its type, the topic it travels on, who publishes and who reads it. */
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

/** What every event about a delivery says of it. A delivery bears the id of the QA2 result it came with. */
const deliveryIdentity = {
  deliveryId: z.uuid(),
  project: projectCodeSchema,
  group: uidSchema,
  ous: uidSchema,
  level: z.enum(['member', 'group']),
  revision: revisionSchema,
};

const TYPE = 'org.almaobservatory.almagest';

function contract<Schema extends z.ZodType>(definition: EventContract<Schema>): EventContract<Schema> {
  return { ...definition, type: `${TYPE}.${definition.type}` };
}

export const qa2ResultPosted = contract({
  type: 'Qa2ResultPosted',
  topic: 'almagest.qa2-results.v1',
  summary: 'A QA2 result, posted on the bus instead of over HTTP. Not checked yet.',
  publisher: 'observatory pipeline',
  subscribers: ['intake'],
  schema: qa2ResultSchema,
});

export const qa2ResultAccepted = contract({
  type: 'Qa2ResultAccepted',
  topic: 'almagest.qa2-results-accepted.v1',
  summary: 'A QA2 result was checked and recorded. `deliver` says whether its files are taken in.',
  publisher: 'intake',
  subscribers: ['ingest', 'catalogue', 'notifier', 'request-handler'],
  schema: z.object({ id: z.uuid(), deliver: z.boolean(), result: qa2ResultSchema }),
});

export const deliveryStored = contract({
  type: 'DeliveryStored',
  topic: 'almagest.ingest.v1',
  summary: 'Every part of a delivery is checked and stored; the manifest object lists all that is in them.',
  publisher: 'ingest',
  subscribers: ['intake', 'catalogue'],
  schema: z.object({
    ...deliveryIdentity,
    manifest: z.object({ key: z.string(), size: byteCountSchema, sha256: sha256Schema }),
    report: deliveryReportSchema,
  }),
});

export const deliveryRejected = contract({
  type: 'DeliveryRejected',
  topic: 'almagest.ingest.v1',
  summary: 'A delivery was refused and nothing of it is visible; the report holds every finding.',
  publisher: 'ingest',
  subscribers: ['intake', 'catalogue', 'notifier'],
  schema: z.object({ ...deliveryIdentity, report: deliveryReportSchema }),
});

export const deliveryCatalogued = contract({
  type: 'DeliveryCatalogued',
  topic: 'almagest.deliveries.v1',
  summary: 'A delivery is in the catalogue and visible; it replaces the revision before it, if there was one.',
  publisher: 'catalogue',
  subscribers: ['intake', 'notifier'],
  schema: z.object({
    ...deliveryIdentity,
    replaces: z
      .uuid()
      .nullable()
      .meta({ description: 'The delivery that was current before; when that was withdrawn, it all the same' }),
    supersededBy: z.uuid().nullable().meta({ description: 'A newer revision that was catalogued before this one' }),
  }),
});

export const deliveryWithdrawn = contract({
  type: 'DeliveryWithdrawn',
  topic: 'almagest.deliveries.v1',
  summary: 'QA2 took a delivery back by the FAIL of a later revision: it is kept, and served no more.',
  publisher: 'catalogue',
  subscribers: ['intake', 'notifier'],
  schema: z.object({ ...deliveryIdentity, ...withdrawalFacts }),
});

const lostPart = {
  ...deliveryIdentity,
  part: z
    .object({
      name: z.string(),
      key: z.string().meta({ description: 'Of the object in the store' }),
      size: byteCountSchema,
      sha256: sha256Schema,
    })
    .meta({ description: 'As it was catalogued' }),
};

export const partLost = contract({
  type: 'PartLost',
  topic: 'almagest.repairs.v1',
  summary: 'A catalogued part is not in the store: it is to be read again from where it was posted.',
  publisher: 'catalogue',
  subscribers: ['ingest'],
  schema: z.object(lostPart),
});

export const lostPartSettled = contract({
  type: 'LostPartSettled',
  topic: 'almagest.repairs.v1',
  summary: 'A lost part is in the store again, byte for byte, or cannot be had from where it was posted.',
  publisher: 'ingest',
  subscribers: ['catalogue'],
  schema: z.object({
    ...lostPart,
    notRestored: z.string().nullable().meta({ description: 'Why it was not restored; null when it was' }),
  }),
});

const memberRevisions = z.array(z.object({ uid: uidSchema, revision: revisionSchema }));

export const groupReadyForCombination = contract({
  type: 'GroupReadyForCombination',
  topic: 'almagest.deliveries.v1',
  summary: 'All members of a group of more than one have passed QA2 and are catalogued: they can be combined (§2).',
  publisher: 'catalogue',
  subscribers: [],
  schema: z.object({
    project: projectCodeSchema,
    group: uidSchema,
    readiness: z.int().meta({ description: 'Counts from 1; grows each time the group becomes ready anew' }),
    members: memberRevisions,
  }),
});

export const groupReadinessWithdrawn = contract({
  type: 'GroupReadinessWithdrawn',
  topic: 'almagest.deliveries.v1',
  summary: 'A group that was ready is not any more: a member failed later, or has a new revision.',
  publisher: 'catalogue',
  subscribers: [],
  schema: z.object({ project: projectCodeSchema, group: uidSchema, readiness: z.int(), reason: z.string() }),
});

export const mailSettled = contract({
  type: 'MailSettled',
  topic: 'almagest.mails.v1',
  summary: 'A mail about a delivery was handed to the mail server, or given up after its last try.',
  publisher: 'notifier',
  subscribers: ['intake'],
  schema: z.object({
    ...deliveryIdentity,
    mailId: z.uuid(),
    outcome: z.enum(['sent', 'failed']),
    outstanding: z.int().meta({ description: 'Mails of this delivery that are not settled yet' }),
    failed: z.int().meta({ description: 'Mails of this delivery that were given up' }),
  }),
});

/** Where messages go that could not be handled, with the reason and their origin. */
export const DEAD_LETTER_TOPIC = 'almagest.dead-letters.v1';

/** The place a message had on Kafka. */
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
  summary: 'A service could not handle a message and put it aside; an operator replays or discards it.',
  publisher: 'every service',
  subscribers: [],
  schema: z.object({
    deadLetter: z.string().meta({ description: 'Its number, by which it is replayed or discarded' }),
    service: z.enum(SERVICES),
    reason: z.string(),
    attempts: z.int(),
    place: kafkaPlaceSchema
      .nullable()
      .meta({ description: 'Where it was read; null when it came through the database' }),
    message: z.unknown().meta({ description: 'The message as it came' }),
  }),
});

const rawDataIdentity = {
  requestId: z.uuid(),
  project: projectCodeSchema,
  group: uidSchema,
  ous: uidSchema,
  revision: revisionSchema,
  delivery: z.uuid().nullable().meta({ description: 'The MemberOUS’s delivery at the time of the request' }),
  notify: rawRequestSchema.shape.notify.unwrap().nullable().meta({ description: 'Who is told by mail; null: nobody' }),
  expiresAt: instantSchema.meta({ description: 'From then on nothing of it can be had' }),
  asdms: z.array(rawAsdmSchema),
};

export const rawDataStaged = contract({
  type: 'RawDataStaged',
  topic: 'almagest.raw-data.v1',
  summary: 'Every ASDM of a request for raw data is in the staging area, verified.',
  publisher: 'request-handler',
  subscribers: ['notifier'],
  schema: z.object(rawDataIdentity),
});

export const rawDataStagingFailed = contract({
  type: 'RawDataStagingFailed',
  topic: 'almagest.raw-data.v1',
  summary: 'Some ASDMs of a request for raw data could not be staged, each with the reason; it can be tried again.',
  publisher: 'request-handler',
  subscribers: ['notifier'],
  schema: z.object(rawDataIdentity),
});

/** Every event there is. */
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
  mailSettled,
  messageGivenUp,
  rawDataStaged,
  rawDataStagingFailed,
];

/** Every topic of the bus. */
export const TOPICS: readonly string[] = [...new Set(EVENTS.map((event) => event.topic))];
