import type { NextFunction, Request, Response } from 'express';
import { withContext } from '../logging/context';
import { traceparentFrom } from '../logging/trace';
import { openSpan, SpanKind } from '../tracing/spans';

/** Binds the trace of a request, taken over from the caller or begun here, to all that is done for it. */
export function requestContext(request: Request, response: Response, next: NextFunction): void {
  const { method, headers } = request;
  const about = { name: method, kind: SpanKind.SERVER, attributes: { 'http.request.method': method } };
  const span = openSpan(about, headers['traceparent']?.toString());
  const traceparent = span?.traceparent ?? traceparentFrom(headers['traceparent']?.toString());
  response.on('close', () => {
    const { path } = (request.route ?? {}) as { path?: string };
    const { statusCode } = response;
    span?.end({
      ...(path === undefined ? {} : { name: `${method} ${path}` }),
      attributes: { 'http.response.status_code': statusCode, ...(path === undefined ? {} : { 'http.route': path }) },
      ...(statusCode >= 500 ? { error: `answered ${statusCode}` } : {}),
    });
  });
  response.setHeader('traceparent', traceparent);
  withContext({ traceparent }, next);
}
