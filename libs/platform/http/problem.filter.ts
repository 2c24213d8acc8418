import { STATUS_CODES } from 'node:http';
import type { Problem } from '@almagest/contracts';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Response } from 'express';
import { databaseRefusal } from '../database/database-away';
import { DomainError, type DomainErrorKind, messageOf } from '../errors';
import type { Logger } from '../logging';

const STATUS: Record<DomainErrorKind, number> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'method-not-allowed': 405,
  gone: 410,
  unsupported: 415,
  'range-not-satisfiable': 416,
  'no-room': 507,
  unavailable: 503,
};

/** Translates every error of an HTTP request into RFC 9457 `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    answerProblem(error, host.switchToHttp().getResponse<Response>(), this.logger);
  }
}

/** Answers an error as `application/problem+json`, and logs it if it is a fault of the archive. */
export function answerProblem(error: unknown, response: Response, logger: Logger): void {
  const refusal = refusalOf(error);
  const problem = problemOf(refusal ?? error);
  logFault(error, refusal, problem.status, logger);
  if (response.headersSent) {
    // Part of the body is sent: closing the connection is the only way to signal that it is incomplete.
    response.destroy();
    return;
  }
  if (problem.status === 401 && !response.hasHeader('WWW-Authenticate')) {
    response.setHeader('WWW-Authenticate', 'Bearer realm="almagest"');
  }
  for (const [name, value] of Object.entries(refusal?.detail.headers ?? {})) {
    response.setHeader(name, value);
  }
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Returns the refusal that answers an error; null for a fault of the archive. */
export function refusalOf(error: unknown): DomainError | null {
  return error instanceof DomainError ? error : databaseRefusal(error);
}

/** Logs an error if it is a fault of the archive. */
export function logFault(error: unknown, refusal: DomainError | null, status: number, logger: Logger): void {
  // Every request fails until the database works again: a stack for each one would say nothing new.
  if (refusal !== null && refusal !== error) {
    logger.warn({ reason: messageOf(error) }, `request failed: ${refusal.code}`);
  } else if (refusal === null ? status >= 500 : refusal.cause !== undefined) {
    logger.error({ error }, 'request failed');
  }
}

/** Returns the problem that answers an error; what is no fault of the caller has no details. */
export function problemOf(error: unknown): Problem {
  if (error instanceof DomainError) {
    const { violations, differences } = error.detail;
    return problem(STATUS[error.kind], error.message, error.code, {
      violations,
      differences: differences?.map(({ pointer }) => pointer),
      differingValues: differences,
    });
  }
  const status = statusOf(error);
  if (status === 413) return problem(413, 'The request body is too large');
  if (status === 400 && error instanceof Error && 'body' in error) {
    return problem(400, `The body is not JSON: ${error.message}`, 'http.json-malformed');
  }
  if (status < 500) return problem(status, error instanceof Error ? error.message : undefined);
  return problem(status, undefined);
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}

function problem(
  status: number,
  detail: string | undefined,
  code?: string,
  extra: Pick<Problem, 'violations' | 'differences' | 'differingValues'> = {},
): Problem {
  return {
    type: code === undefined ? 'about:blank' : `urn:almagest:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(code === undefined ? {} : { code }),
    ...(extra.violations === undefined ? {} : { violations: extra.violations }),
    ...(extra.differences === undefined ? {} : { differences: extra.differences }),
    ...(extra.differingValues === undefined ? {} : { differingValues: extra.differingValues }),
  };
}
