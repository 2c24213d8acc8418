import { DEAD_LETTER_TOPIC, EVENTS, type EventContract, SERVICES } from './events';
import { LICENCE } from './licence';
import { schemaWithComponents } from './schema-components';

/** Returns the last component of an event's type: the name of the event in documents. */
function nameOf(event: EventContract): string {
  return event.type.slice(event.type.lastIndexOf('.') + 1);
}

const HEADERS = {
  type: 'object',
  description: 'CloudEvents 1.0, binary content mode',
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: { type: 'string', description: 'Unique; consumers use it to skip duplicates' },
    ce_type: { type: 'string' },
    ce_source: { type: 'string' },
    ce_subject: {
      type: 'string',
      description: 'The uid of the ObsUnitSet that the event is about; the project code for metadata',
    },
    ce_time: { type: 'string', format: 'date-time' },
    'content-type': { const: 'application/json' },
    traceparent: { type: 'string', description: 'W3C trace context' },
  },
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time'],
};

/** The AsyncAPI 3.0 document of the bus, as far as its readers need to know it. */
export interface AsyncApiDocument {
  asyncapi: '3.0.0';
  info: { title: string; version: string; license: typeof LICENCE; description: string };
  defaultContentType: string;
  /** By topic. */
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
  /** By `<service>.<send or receive>.<message>`. */
  operations: Record<string, { action: 'send' | 'receive'; channel: { $ref: string }; messages: { $ref: string }[] }>;
  components: { messages: Record<string, AsyncApiMessage>; schemas: Record<string, unknown> };
}
type Operation = AsyncApiDocument['operations'][string];

interface AsyncApiMessage {
  name: string;
  title: string;
  summary: string;
  headers: unknown;
  payload: unknown;
}

/** Returns the AsyncAPI document of the bus, generated from the contracts. */
export function asyncApiDocument(): AsyncApiDocument {
  const topics = [...new Set(EVENTS.map((event) => event.topic))];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Almagest events',
      version: '1',
      license: LICENCE,
      description: `The topics of the archive. The message key is the uid of the GroupOUS, so messages of one group stay in order; metadata of projects have the project code as key. A message that a service cannot handle goes to ${DEAD_LETTER_TOPIC} with the reason.`,
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [topic, channel(topic)])),
    operations: Object.fromEntries([
      ...SERVICES.flatMap((service) => operationsOf(service)),
      ...EVENTS.filter((event) => event.publisher === 'observatory pipeline').map((event): [string, Operation] => [
        `pipeline.send.${nameOf(event)}`,
        operation('send', event),
      ]),
    ]),
    components: {
      messages: Object.fromEntries(EVENTS.map((event) => [nameOf(event), message(event)])),
      schemas: Object.assign({}, ...EVENTS.map((event) => payloadOf(event).components)) as Record<string, unknown>,
    },
  };
}

function channel(topic: string): AsyncApiDocument['channels'][string] {
  const events = EVENTS.filter((event) => event.topic === topic);
  return {
    address: topic,
    messages: Object.fromEntries(
      events.map((event) => [nameOf(event), { $ref: `#/components/messages/${nameOf(event)}` }]),
    ),
  };
}

function operationsOf(service: (typeof SERVICES)[number]): [string, Operation][] {
  return EVENTS.flatMap((event) => [
    ...(event.publisher === service || event.publisher === 'every service'
      ? ([[`${service}.send.${nameOf(event)}`, operation('send', event)]] satisfies [string, Operation][])
      : []),
    ...(event.subscribers.includes(service)
      ? ([[`${service}.receive.${nameOf(event)}`, operation('receive', event)]] satisfies [string, Operation][])
      : []),
  ]);
}

function operation(action: 'send' | 'receive', event: EventContract): Operation {
  const channelRef = `#/channels/${event.topic.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return {
    action,
    channel: { $ref: channelRef },
    messages: [{ $ref: `${channelRef}/messages/${nameOf(event)}` }],
  };
}

function message(event: EventContract): AsyncApiMessage {
  const { schema: payload } = payloadOf(event);
  return { name: event.type, title: nameOf(event), summary: event.summary, headers: HEADERS, payload };
}

/** AsyncAPI 3.0 schemas are a superset of JSON Schema draft 7. */
function payloadOf(event: EventContract): ReturnType<typeof schemaWithComponents> {
  return schemaWithComponents(event.schema, 'draft-7');
}
