import { type DataOf, EVENTS, type KafkaPlace, messageGivenUp, utf8 } from '@almagest/contracts';
import { traceparentFrom } from '@almagest/platform';
import type { BusMessage } from '../message';

/** A record as it was read. */
export interface KafkaRecord {
  place: KafkaPlace;
  key: Buffer | null;
  value: Buffer | null;
  headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>> | undefined;
}

/** Maximum nesting of the data. PostgreSQL's jsonb, which may have to store it, has a limit too. */
const MAX_DEPTH = 100;

/** Converts a message to the binary mode of CloudEvents 1.0 for Kafka. */
export function toRecord(message: BusMessage): { key: string; value: string; headers: Record<string, string> } {
  const { id, type, source, subject, time, traceparent, key, data } = message;
  return {
    key,
    value: JSON.stringify(data),
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: type,
      ce_source: source,
      ce_subject: subject,
      ce_time: time,
      'content-type': 'application/json',
      traceparent,
      ...(type === messageGivenUp.type ? deadLetterHeaders(data as DataOf<typeof messageGivenUp>) : {}),
    },
  };
}

/** Returns the reason and the origin of a dead letter as headers, readable without the value. */
function deadLetterHeaders(letter: DataOf<typeof messageGivenUp>): Record<string, string> {
  const { service, reason, attempts, place, message } = letter;
  const { id } = { ...(message as object) } as { id?: unknown };
  return {
    almagest_service: service,
    almagest_reason: reason,
    almagest_attempts: String(attempts),
    ...(typeof id === 'string' ? { almagest_origin_id: id } : {}),
    ...(place === null
      ? {}
      : {
          almagest_origin_topic: place.topic,
          almagest_origin_partition: String(place.partition),
          almagest_origin_offset: place.offset,
        }),
  };
}

/** Returns a unique name of a record. One at the same offset of a recreated topic has another name. */
export function nameOfPlace({ topic, partition, offset, timestamp }: KafkaPlace): string {
  return `${topic}/${partition}/${offset}/${timestamp}`;
}

/**
 * Converts a record to a message, which is still to be checked. The attributes are in the headers (binary mode) or next
 * to the data (structured mode). Attributes that an external publisher omits get defaults; the type gets one only on a
 * topic that has a single type. A record that is not a message is returned as it was received.
 * @param prefix of the topic's name at the brokers
 */
export function readRecord(record: KafkaRecord, prefix: string): unknown {
  const { place, key, value } = record;
  const topic = place.topic.slice(prefix.length);
  const headers = headersOf(record);
  const json = value === null ? undefined : parse(value);
  if (json === undefined) {
    const raw = { key: key?.toString('base64') ?? null, value: value?.toString('base64') ?? null };
    return { topic, headers, base64: raw };
  }
  const { data, ...attributes } = attributesOf(headers, json.content);
  const only = EVENTS.filter((event) => event.topic === topic);
  const type = attributes.type ?? (only.length === 1 ? only[0]?.type : undefined);
  if (type === undefined) return json.content;
  const traceparent = headers['traceparent'] ?? attributes.traceparent;
  return {
    id: attributes.id ?? nameOfPlace(place),
    type,
    topic,
    // Only where the record was sent depends on the key: bytes that no database stores do no harm there.
    key: key?.toString('utf8').replaceAll('\0', '\u{fffd}') ?? '',
    subject: attributes.subject ?? '',
    source: attributes.source ?? '',
    time: attributes.time ?? new Date(Number(place.timestamp)).toISOString(),
    traceparent: traceparentFrom(typeof traceparent === 'string' ? traceparent : undefined),
    data,
  };
}

type Attributes = Partial<Record<'id' | 'type' | 'source' | 'subject' | 'time' | 'traceparent', unknown>>;

function attributesOf(headers: Record<string, string>, content: unknown): Attributes & { data: unknown } {
  if (/^application\/cloudevents\+json\b/i.test(headers['content-type'] ?? '') && isObject(content)) {
    return { ...content, data: content['data'] };
  }
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('ce_') ? [[name.slice(3), value]] : [],
  );
  return { ...(Object.fromEntries(attributes) as Attributes), data: content };
}

function isObject(content: unknown): content is Record<string, unknown> {
  return typeof content === 'object' && content !== null && !Array.isArray(content);
}

function headersOf({ headers = {} }: KafkaRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, values]) => {
      const value = Array.isArray(values) ? values[0] : values;
      return value === undefined ? [] : [[name.toLowerCase(), value.toString()]];
    }),
  );
}

/** Parses a JSON text; undefined when it is not valid, not UTF-8 or nested too deeply. */
function parse(bytes: Buffer): { content: unknown } | undefined {
  try {
    const text = utf8(bytes);
    const content: unknown = JSON.parse(text);
    return nesting(text) > MAX_DEPTH ? undefined : { content };
  } catch {
    return undefined;
  }
}

/** Returns the depth of the brackets of a JSON text, not counting those within strings. */
function nesting(text: string): number {
  let [deepest, depth, isString] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isString && character === '\\') at += 1;
    else if (character === '"') isString = !isString;
    else if (isString) continue;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}
