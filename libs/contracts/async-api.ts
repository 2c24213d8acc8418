import { z } from 'zod';
import { DEAD_LETTER_TOPIC, EVENTS, type EventContract, SERVICES } from './events';

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
    ce_subject: { type: 'string', description: 'The uid of the ObsUnitSet that the event is about' },
    ce_time: { type: 'string', format: 'date-time' },
    'content-type': { const: 'application/json' },
    traceparent: { type: 'string', description: 'W3C trace context' },
  },
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time'],
};

/** Returns the AsyncAPI 3.0 document of the bus, generated from the contracts. */
export function asyncApiDocument(): Record<string, unknown> {
  const topics = [...new Set(EVENTS.map((event) => event.topic))];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Almagest events',
      version: '1',
      description: `The topics of the archive. The message key is the uid of the GroupOUS, so messages of one group stay in order. A message that a service cannot handle goes to ${DEAD_LETTER_TOPIC} with the reason.`,
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [topic, channel(topic)])),
    operations: Object.fromEntries([
      ...SERVICES.flatMap((service) => operationsOf(service)),
      ...EVENTS.filter((event) => event.publisher === 'observatory pipeline').map((event) => [
        `pipeline.send.${nameOf(event)}`,
        operation('send', event),
      ]),
    ]),
    components: { messages: Object.fromEntries(EVENTS.map((event) => [nameOf(event), message(event)])) },
  };
}

function channel(topic: string): Record<string, unknown> {
  const events = EVENTS.filter((event) => event.topic === topic);
  return {
    address: topic,
    messages: Object.fromEntries(
      events.map((event) => [nameOf(event), { $ref: `#/components/messages/${nameOf(event)}` }]),
    ),
  };
}

function operationsOf(service: (typeof SERVICES)[number]): [string, unknown][] {
  return EVENTS.flatMap((event) => [
    ...(event.publisher === service || event.publisher === 'every service'
      ? ([[`${service}.send.${nameOf(event)}`, operation('send', event)]] satisfies [string, unknown][])
      : []),
    ...(event.subscribers.includes(service)
      ? ([[`${service}.receive.${nameOf(event)}`, operation('receive', event)]] satisfies [string, unknown][])
      : []),
  ]);
}

function operation(action: 'send' | 'receive', event: EventContract): Record<string, unknown> {
  const channelRef = `#/channels/${event.topic.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return {
    action,
    channel: { $ref: channelRef },
    messages: [{ $ref: `${channelRef}/messages/${nameOf(event)}` }],
  };
}

function message(event: EventContract): Record<string, unknown> {
  const { $schema: _dialect, ...payload } = z.toJSONSchema(event.schema, { reused: 'inline' });
  return { name: event.type, title: nameOf(event), summary: event.summary, headers: HEADERS, payload };
}
