import { ReadinessChecks, type RunningService } from '@almagest/platform';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { mergedOpenApi, routeTo } from '../../front/routes';

/** Answers for all services on one port: each request goes to the service whose OpenAPI document has its path. */
export function frontOf(services: readonly RunningService[]): Express {
  const front = express();
  front.disable('x-powered-by');
  const openApi = mergedOpenApi(services.map((service) => service.openApi));
  front.get('/openapi.json', (_request, response) => void response.json(openApi));
  front.get('/health/ready', async (_request, response) => {
    const states = await Promise.all(
      services.map(async ({ name, app }) => [name, await app.get(ReadinessChecks).run()] as const),
    );
    const ready = states.every(([, state]) => state.ready);
    response.status(ready ? 200 : 503).json({ ready, services: Object.fromEntries(states) });
  });
  const handlerOf = ({ app }: RunningService): RequestHandler => app.getHttpAdapter().getInstance() as RequestHandler;
  const serviceOf = routeTo(services.map((service) => ({ target: handlerOf(service), openApi: service.openApi })));
  // Health, metrics and "no such route" are the same from every service.
  const [fallback] = services.map(handlerOf) as [RequestHandler];
  front.use((request: Request, response, next) => {
    void (serviceOf(request.path) ?? fallback)(request, response, next);
  });
  return front;
}
