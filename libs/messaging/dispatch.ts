import { type EventContract, EVENTS, faultsOf, parseInput, type ServiceName } from '@almagest/contracts';
import { inSpan, isRetryable, type Logger, messageOf, metricsRegistry, SpanKind } from '@almagest/platform';
import {
  applyDecorators,
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  UseFilters,
} from '@nestjs/common';
import { BaseRpcContext, EventPattern, type MessageHandler } from '@nestjs/microservices';
import { Histogram } from 'prom-client';
import { isObservable, lastValueFrom, type Observable, throwError } from 'rxjs';
import { MAX_ATTEMPTS } from './bus';
import { type BusMessage, busMessageSchema, dataOf, MessagingError } from './message';

const handling = new Histogram({
  name: 'almagest_bus_handling_seconds',
  help: 'Time that a service takes to handle a message',
  labelNames: ['type'],
  registers: [metricsRegistry],
});

/** What a handler gets besides the data: the message. */
export class BusContext extends BaseRpcContext<[BusMessage]> {
  get message(): BusMessage {
    return this.getArgs()[0];
  }
}

/** Passes a handler's error on unchanged: the bus decides by it whether to retry. */
@Catch()
class BusErrorFilter implements ExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/** Marks a class whose `@OnEvent` methods handle messages of the bus. */
export const BusConsumer = (): ClassDecorator => applyDecorators(Controller(), UseFilters(BusErrorFilter));

/** Marks a method that handles the events of a contract. It gets the validated data and the BusContext. */
export const OnEvent = (contract: EventContract): MethodDecorator => EventPattern(contract.type) as MethodDecorator;

/** What to do with a message after a run. */
export type Outcome = { kind: 'handled' } | { kind: 'retry'; afterMs: number } | { kind: 'dead'; reason: string };

/** How a bus runs messages. */
export interface RunOptions {
  handlerOf: (type: string) => MessageHandler | null;
  /** How long a message waits after its nth run has failed, in ms. */
  retryDelay: (attempt: number) => number;
  logger: Logger;
}

/**
 * Runs a message of either bus, and returns what to do with it. Never rejects.
 * @param attempt 1 for the first run; runs that ended in a crash count
 */
export async function outcomeOf(
  payload: unknown,
  attempt: number,
  { handlerOf, retryDelay, logger }: RunOptions,
): Promise<Outcome> {
  if (attempt > MAX_ATTEMPTS) return dead(new Error(`none of ${MAX_ATTEMPTS} attempts finished`));
  try {
    await dispatch(payload, handlerOf);
    return { kind: 'handled' };
  } catch (error) {
    if (!isRetryable(error) || attempt === MAX_ATTEMPTS) return dead(error);
    logger.warn({ error, attempt }, 'handling a message failed; retrying');
    return { kind: 'retry', afterMs: retryDelay(attempt) };
  }

  function dead(error: unknown): Outcome {
    logger.error({ error, attempt }, 'handling a message failed; it becomes a dead letter');
    return { kind: 'dead', reason: reasonOf(error) };
  }
}

/**
 * Passes a message to its handler, bound to the log and timed, and waits until it is handled. Skips an event that this
 * service does not subscribe to: it shares its topic with one that it subscribes to.
 * @throws the error of the handler; MessagingError `messaging.message-malformed` when it is not a valid message
 */
async function dispatch(payload: unknown, handlerOf: (type: string) => MessageHandler | null): Promise<void> {
  const message = parseInput(busMessageSchema, payload);
  if (!message.success) {
    throw new MessagingError('messaging.message-malformed', `not a message: ${faultsOf(message.error)}`);
  }
  const { id, type, subject, traceparent } = message.data;
  const handler = handlerOf(type);
  if (handler === null && EVENTS.some((event) => event.type === type)) return;
  const data = dataOf(message.data);
  const done = handling.startTimer({ type });
  const about = { name: `handle ${type}`, kind: SpanKind.CONSUMER, attributes: { 'messaging.message.id': id } };
  await inSpan(about, { traceparent, eventId: id, ous: subject }, async () => {
    const result: unknown = await handler?.(data, new BusContext([message.data]));
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }).finally(done);
}

/** Returns why a message was given up, for the operator who reads the dead letters. */
function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? `${String(error.code)}: ` : '';
  // PostgreSQL's text cannot contain NUL.
  return `${code}${messageOf(error)}`.replaceAll('\0', '\u{fffd}').slice(0, 4000);
}

/**
 * Compares a service's handlers with the contracts: the Postgres bus delivers messages by the contracts' subscribers.
 * @throws MessagingError `messaging.subscriptions-differ`
 */
export function assertSubscriptions(service: ServiceName, handled: readonly string[]): void {
  const declared = EVENTS.filter((event) => event.subscribers.includes(service)).map((event) => event.type);
  const missing = declared.filter((type) => !handled.includes(type));
  const extra = handled.filter((type) => !declared.includes(type));
  if (missing.length + extra.length > 0) {
    throw new MessagingError(
      'messaging.subscriptions-differ',
      `${service}: no handler for [${missing.join(', ')}]; handlers that are not in the contracts: [${extra.join(', ')}]`,
    );
  }
}
