import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';
import { errorForLog } from './error-for-log';
import { messageOf } from './errors';
import { LogDestination } from './log-destination';

export type { Logger } from 'pino';

/** Fields that are bound once per message or request, and added to every line logged while it is handled. */
export interface LogContext {
  /** W3C trace context, passed on from the POST to the mail. */
  traceparent: string;
  eventId?: string;
  ous?: string;
  /** Id of what the current job works on: a delivery, a mail, a staged ASDM, an upkeep run. */
  job?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work` in a context, which its log lines and the events it emits carry. */
export function withContext<T>(context: LogContext, work: () => T): T {
  return storage.run(context, work);
}

/** Returns the context of the current message or request, if any. */
export function currentContext(): LogContext | undefined {
  return storage.getStore();
}

/** The least level that is logged, and the destination. */
export interface LogOptions {
  level: string;
  destination?: DestinationStream;
}

/**
 * Creates the logger of a service: JSON lines with the service's name and the context of the current message. Never log
 * a token, a mail address or a mail body.
 */
export function createLogger(service: string, options: LogOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => ({ ...currentContext() }),
      serializers: { error: errorForLog },
      redact: { paths: ['*.email', '*.token', '*.authorization'], remove: true },
    },
    options.destination ?? standardError(),
  );
}

let shared: LogDestination | undefined;

/** Returns the destination of this process's standard error, which all loggers share. */
function standardError(): DestinationStream {
  shared ??= new LogDestination(2);
  return shared;
}

/**
 * Returns a destination that appends log lines to a file and starts a new file when that is full.
 * @throws the system's error when the file cannot be opened
 */
export function logFile(path: string): DestinationStream {
  return LogDestination.toFile(path);
}

/** Sends Nest's log to pino. Nest's start-up messages get the level debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error({ context, stack }, messageOf(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  debug(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  verbose(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }
}
