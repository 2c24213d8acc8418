import { EVENTS, type ServiceName } from '@almagest/contracts';
import { isRetryable, metricsRegistry, withContext } from '@almagest/platform';
import { BaseRpcContext, type MessageHandler } from '@nestjs/microservices';
import { Histogram } from 'prom-client';
import { isObservable, lastValueFrom } from 'rxjs';
import { MOST_ATTEMPTS } from '../bus';
import { type BusMessage, busMessageSchema, dataOf } from '../message';
import { MessagingError } from '../messaging.error';

const handling = new Histogram({
  name: 'almagest_bus_handling_seconds',
  help: 'Time a service takes over a message',
  labelNames: ['type'],
  registers: [metricsRegistry],
});

/** What a handler gets besides the data: the message itself. */
export class BusContext extends BaseRpcContext<[BusMessage]> {
  get message(): BusMessage {
    return this.getArgs()[0];
  }
}

/**
 * Hands one message to its handler and waits until its effect has taken place. Whatever bus it came from, this is how
 * it is read, bound to the log and timed.
 * @throws what the handler throws; MessagingError `messaging.message-malformed` when it is not a message of ours
 */
export async function dispatch(payload: unknown, handlerOf: (type: string) => MessageHandler | null): Promise<void> {
  const message = busMessageSchema.safeParse(payload);
  if (!message.success) {
    throw new MessagingError('messaging.message-malformed', `not a message: ${message.error.message}`);
  }
  const { id, type, subject, traceparent } = message.data;
  const data = dataOf(message.data);
  const handler = handlerOf(type);
  if (handler === null) throw new MessagingError('messaging.message-malformed', `nothing here reads ${type}`);
  const done = handling.startTimer({ type });
  await withContext({ traceparent, eventId: id, ous: subject }, async () => {
    const result: unknown = await handler(data, new BusContext([message.data]));
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  });
  done();
}

/** True when a message that failed is tried again, false when it becomes a dead letter. */
export function shouldRetry(error: unknown, attempt: number): boolean {
  return isRetryable(error) && attempt < MOST_ATTEMPTS;
}

/** Why a message was given up, for the person who reads the dead letters. */
export function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? `${String(error.code)}: ` : '';
  return `${code}${error instanceof Error ? error.message : String(error)}`.slice(0, 4000);
}

/**
 * Holds a service's handlers against the contracts: the Postgres bus hands messages out by the contracts' subscribers.
 * @throws MessagingError `messaging.subscriptions-differ`
 */
export function assertSubscriptions(service: ServiceName, handled: readonly string[]): void {
  const declared = EVENTS.filter((event) => event.subscribers.includes(service)).map((event) => event.type);
  const missing = declared.filter((type) => !handled.includes(type));
  const extra = handled.filter((type) => !declared.includes(type));
  if (missing.length + extra.length > 0) {
    throw new MessagingError(
      'messaging.subscriptions-differ',
      `${service}: no handler for [${missing.join(', ')}]; handlers the contracts do not know: [${extra.join(', ')}]`,
    );
  }
}
