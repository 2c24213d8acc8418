import { AdqlError } from '@almagest/adql';
import { logFault, type Logger, LOGGER, problemOf, refusalOf } from '@almagest/platform';
import { errorDocument } from '@almagest/votable';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { Response } from 'express';

/** Translates an error of a VO request into a VOTable with `QUERY_STATUS` `ERROR` (DALI 1.1, 4.4). */
@Catch()
export class VoErrorFilter implements ExceptionFilter {
  protected readonly mediaType: string = 'application/x-votable+xml';
  /** What a caller without a right may send; nothing where every route is public. */
  protected readonly challenges: readonly string[] = [];

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const refusal = refusalOf(error);
    const { status, code } = error instanceof AdqlError ? { status: 400 } : problemOf(refusal ?? error);
    logFault(error, refusal, status, this.logger);
    if (response.headersSent) {
      // Part of the body is sent: closing the connection is the only way to signal that it is incomplete.
      response.destroy();
      return;
    }
    if (status === 401 && this.challenges.length > 0) response.setHeader('WWW-Authenticate', this.challenges);
    for (const [name, value] of Object.entries(refusal?.detail.headers ?? {})) {
      response.setHeader(name, value);
    }
    response
      .status(status)
      .type(this.mediaType)
      .send(this.document(status, userMessage(error), code));
  }

  /** Returns the body of the answer. */
  protected document(_status: number, message: string, _code: string | undefined): string {
    return errorDocument(message);
  }
}

/** Returns what the user learns about an error: nothing about a fault of the archive. */
export function userMessage(error: unknown): string {
  if (error instanceof AdqlError) return error.message;
  const { detail, title } = problemOf(refusalOf(error) ?? error);
  return detail ?? (title === 'Internal Server Error' ? 'The archive could not answer; try again later' : title);
}
