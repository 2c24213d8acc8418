import { randomUUID } from 'node:crypto';
import { type DataOf, type EventContract, EVENTS, violationsOf } from '@almagest/contracts';
import { currentContext, traceparentFrom } from '@almagest/platform';
import { z } from 'zod';
import { MessagingError } from './messaging.error';

/** A message as every bus carries it: the attributes of CloudEvents 1.0 that the archive uses, and the data. */
export const busMessageSchema = z.object({
  /** Unique for ever; consumers dedupe by it. */
  id: z.string().min(1).max(200),
  type: z.string().min(1).max(200),
  topic: z.string().min(1).max(200),
  /** The partition key, a GroupOUS uid: messages of one key keep their order. */
  key: z.string().max(200),
  /** What the message is about: an ObsUnitSet's uid. */
  subject: z.string().max(200),
  source: z.string().max(200),
  time: z.iso.datetime({ offset: true }),
  traceparent: z.string().max(200),
  data: z.unknown(),
});
export type BusMessage = z.infer<typeof busMessageSchema>;

/** What a publisher says of a message besides its data. */
export interface MessageAbout {
  key: string;
  subject: string;
  source: string;
}

/** Makes a message of a contract; it bears the trace of the request or message in hand. */
export function makeMessage<Contract extends EventContract>(
  contract: Contract,
  about: MessageAbout,
  data: DataOf<Contract>,
): BusMessage {
  return {
    id: randomUUID(),
    type: contract.type,
    topic: contract.topic,
    ...about,
    time: new Date().toISOString(),
    traceparent: traceparentFrom(currentContext()?.traceparent),
    data,
  };
}

/**
 * The data of a message, checked against the contract of its type.
 * @throws MessagingError `messaging.message-malformed`
 */
export function dataOf(message: BusMessage): unknown {
  const contract = EVENTS.find((event) => event.type === message.type);
  if (contract === undefined) {
    throw new MessagingError('messaging.message-malformed', `no event of type "${message.type}" is known`);
  }
  const parsed = contract.schema.safeParse(message.data);
  if (parsed.success) return parsed.data;
  const violations = violationsOf(parsed.error)
    .slice(0, 20)
    .map(({ pointer, message: fault }) => `${pointer || '/'}: ${fault}`);
  throw new MessagingError('messaging.message-malformed', `data of ${message.type}: ${violations.join('; ')}`);
}
