import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';
import { messageOf } from '../errors/message-of';
import { currentContext } from './context';

export type { Logger } from 'pino';

/** Where a process logs to and from which level on. */
export interface LogOptions {
  level: string;
  destination?: DestinationStream;
}

/**
 * The logger of a service: JSON lines that carry the service's name and the context of the message in hand. Never log
 * a token, a mail address or a mail body.
 */
export function createLogger(service: string, options: LogOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => ({ ...currentContext() }),
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: ['*.email', '*.token', '*.authorization'], remove: true },
    },
    options.destination ?? pino.destination({ fd: 2, sync: false }),
  );
}

/** A file that log lines are appended to. */
export function logFile(path: string): DestinationStream {
  return pino.destination({ dest: path, sync: false, mkdir: true });
}

/** Lets Nest log through pino; its start-up chatter is of level debug. */
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
