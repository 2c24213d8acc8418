import type { NextFunction, Request, Response } from 'express';
import { withContext } from '../logging/context';
import { traceparentFrom } from '../logging/trace';

/** Binds the trace of a request, taken over from the caller or begun here, to all that is done for it. */
export function requestContext(request: Request, response: Response, next: NextFunction): void {
  const traceparent = traceparentFrom(request.headers['traceparent']?.toString());
  response.setHeader('traceparent', traceparent);
  withContext({ traceparent }, next);
}
