import type { NextFunction, Request, Response } from 'express';
import { withContext } from '../logging';
import { openSpan, SpanKind, traceparentFrom } from '../tracing';

/** Runs a request in its trace context, which is taken from the caller or started here. */
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
