import { randomUUID } from 'node:crypto';
import { type DataOf, type EventContract, EVENTS, faultsOf, parseInput } from '@almagest/contracts';
import { currentContext, traceparentFrom } from '@almagest/platform';
import { z } from 'zod';

/** What went wrong between services. */
export class MessagingError extends Error {
  readonly retryable: boolean;

  constructor(
    readonly code:
      | 'messaging.message-malformed'
      | 'messaging.bus-unavailable'
      | 'messaging.bus-refused'
      | 'messaging.subscriptions-differ',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MessagingError';
    this.retryable = code === 'messaging.bus-unavailable';
  }
}

/** A message on any bus: the attributes of CloudEvents 1.0 that the archive uses, and the data. */
export const busMessageSchema = z.object({
  /** Globally unique; consumers deduplicate by it. */
  id: z.string().min(1).max(200),
  type: z.string().min(1).max(200),
  topic: z.string().min(1).max(200),
  /** The partition key, a GroupOUS uid: messages of one key stay in order. */
  key: z.string().max(200),
  /** What the message is about: an ObsUnitSet's uid. */
  subject: z.string().max(200),
  source: z.string().max(200),
  time: z.iso.datetime({ offset: true }),
  traceparent: z.string().max(200),
  data: z.unknown(),
});
export type BusMessage = z.infer<typeof busMessageSchema>;

/** What a publisher specifies besides the data. */
export interface MessageAbout {
  key: string;
  subject: string;
  source: string;
}

/** Makes a message of a contract, with the trace of the current request or message. */
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
 * Returns the data of a message, validated against the contract of its type.
 * @throws MessagingError `messaging.message-malformed`
 */
export function dataOf(message: BusMessage): unknown {
  const contract = EVENTS.find((event) => event.type === message.type);
  if (contract === undefined) {
    throw new MessagingError('messaging.message-malformed', `unknown event type "${message.type}"`);
  }
  const parsed = parseInput(contract.schema, message.data);
  if (parsed.success) return parsed.data;
  throw new MessagingError('messaging.message-malformed', `data of ${message.type}: ${faultsOf(parsed.error)}`);
}
