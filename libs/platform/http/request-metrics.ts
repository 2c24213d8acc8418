import type { NextFunction, Request, Response } from 'express';
import { Histogram } from 'prom-client';
import { metricsRegistry } from './metrics';

const requests = new Histogram({
  name: 'almagest_http_request_seconds',
  help: 'Time from a request to the end of its answer',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
  registers: [metricsRegistry],
});

/** Times every request by its route's pattern: a path would make a label of every uid. */
export function requestMetrics(request: Request, response: Response, next: NextFunction): void {
  const done = requests.startTimer();
  response.on('close', () => {
    const { path = 'none' } = (request.route ?? {}) as { path?: string };
    done({ method: request.method, route: path, status: response.statusCode });
  });
  next();
}
