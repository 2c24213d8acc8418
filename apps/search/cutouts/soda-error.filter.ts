import { logFault, type Logger, LOGGER, problemOf, refusalOf } from '@almagest/platform';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { Response } from 'express';
import { userMessage } from '../tap/vo-error.filter';
import { MULTIVALUED } from './cutout-request';

const CHALLENGES = ['Bearer realm="almagest"', 'Basic realm="almagest", charset="UTF-8"'];

/** Translates an error of a SODA request into text that begins with the name of its kind (SODA 1.0, 5.2). */
@Catch()
export class SodaErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const refusal = refusalOf(error);
    const { status, code } = problemOf(refusal ?? error);
    logFault(error, refusal, status, this.logger);
    if (response.headersSent) {
      // Part of the body is sent: closing the connection is the only way to signal that it is incomplete.
      response.destroy();
      return;
    }
    if (status === 401) response.setHeader('WWW-Authenticate', CHALLENGES);
    for (const [name, value] of Object.entries(refusal?.detail.headers ?? {})) response.setHeader(name, value);
    response
      .status(status)
      .type('text/plain')
      .send(`${kindOf(status, code)}: ${userMessage(refusal ?? error)}\n`);
  }
}

function kindOf(status: number, code: string | undefined): string {
  if (code === MULTIVALUED) return 'MultiValuedParamNotSupported';
  if (code === 'auth.not-visible') return 'AuthorizationError';
  if (status === 401) return 'AuthenticationError';
  if (status === 503) return 'ServiceUnavailable';
  return status < 500 ? 'UsageError' : 'Error';
}
