import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** The metrics of this process; every lib registers its own here. */
export const metricsRegistry = new Registry();
collectDefaultMetrics({ register: metricsRegistry });

const requests = new Histogram({
  name: 'almagest_http_request_seconds',
  help: 'Time from the start of a request to the end of its answer',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
  registers: [metricsRegistry],
});

/** Times every request, labelled by the pattern of its route: a path would create a label for every uid. */
export function requestMetrics(request: Request, response: Response, next: NextFunction): void {
  const done = requests.startTimer();
  response.on('close', () => {
    const { path = 'none' } = (request.route ?? {}) as { path?: string };
    done({ method: request.method, route: path, status: response.statusCode });
  });
  next();
}
