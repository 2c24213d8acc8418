import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { MAX_RANGES } from './stored/byte-ranges';

/** Documents an answer of a route, with the contract it follows. */
export function ApiAnswer(status: number, description: string, schema?: z.ZodType): MethodDecorator {
  return ApiResponse({ status, description, ...(schema === undefined ? {} : { standardSchema: schema }) });
}

/**
 * Documents the error answers of a route, all of them `application/problem+json`. Every route can answer 503, as while the
 * database is away.
 */
export function ApiProblems(...statuses: number[]): MethodDecorator {
  return applyDecorators(
    ...[...new Set([...statuses, 503])].map((status) =>
      ApiResponse({
        status,
        description: PROBLEMS[status] ?? 'Error',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
  );
}

const PROBLEMS: Record<number, string> = {
  400: 'Invalid request; `violations` lists every fault',
  401: 'The token or link is missing, unknown, expired or revoked',
  403: 'The token lacks the scope that this requires',
  404: 'Not found, not public yet, or the caller is not authorised to access it',
  405: 'The path does not have this method; `Allow` lists those that it has',
  409: 'The request contradicts what is recorded',
  410: 'It existed, and has expired or was withdrawn',
  413: 'The body is too large',
  415: 'Unsupported media type',
  416: 'The requested range is outside the content',
  503: 'Not possible for now; the reason says why, and `Retry-After` when to try again',
  507: 'No space left for it now; try again later',
};

/** Documents the request headers and answers of a download. */
export function ApiDownload(what: string): MethodDecorator {
  return applyDecorators(
    header('Range', `Byte ranges, at most ${MAX_RANGES}; several are answered as multipart/byteranges`),
    header('If-Range', 'ETag or Last-Modified for which `Range` is valid; otherwise the whole content is sent'),
    header('If-None-Match', 'ETags that the client has'),
    header('If-Modified-Since', 'Last-Modified of what the client has'),
    header('If-Match', 'ETags, one of which must be the current one'),
    header('If-Unmodified-Since', 'Fails when the content was modified after this time'),
    ApiAnswer(200, what),
    ApiAnswer(206, 'One range of it, or several'),
    ApiAnswer(304, 'The client has the current content'),
    ApiProblems(400, 401, 404, 412, 416, 503),
  );
}

function header(name: string, description: string): MethodDecorator & ClassDecorator {
  return ApiHeader({ name, required: false, schema: { type: 'string' }, description });
}
