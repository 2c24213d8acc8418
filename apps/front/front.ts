import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@almagest/contracts';
import { type Logger, metricsRegistry } from '@almagest/platform';
import type { OpenAPIObject } from '@nestjs/swagger';
import express, { type Express } from 'express';
import { forward } from './forward';
import type { FrontConfig } from './front.config';
import { mergedOpenApi, routeTo } from './routes';

/** The OpenAPI documents of the services, which `npm run check` holds equal to the code. */
const OPEN_API = join(__dirname, '../../../docs/openapi');
/** A service that says nothing for this long is not ready, ms. */
const READY_WITHIN = 5_000;

/** Answers for all services on one port: each request goes to the process whose OpenAPI document has its path. */
export function frontOf(config: FrontConfig, logger: Logger): Express {
  const services = SERVICES.map((name) => ({ name, url: urlOf(name, config), openApi: openApiOf(name) }));
  const serviceOf = routeTo(services.map((service) => ({ target: service, openApi: service.openApi })));
  const openApi = mergedOpenApi(services.map((service) => service.openApi));
  const front = express();
  front.disable('x-powered-by');
  front.set('etag', false);
  front.get('/openapi.json', (_request, response) => void response.json(openApi));
  front.get('/health/live', (_request, response) => void response.json({ status: 'ok' }));
  front.get('/health/ready', async (_request, response) => {
    const states = await Promise.all(services.map(async ({ name, url }) => [name, await readiness(url)] as const));
    const ready = states.every(([, state]) => state.ready);
    response.status(ready ? 200 : 503).json({ ready, services: Object.fromEntries(states) });
  });
  front.get('/metrics', async (_request, response) => {
    response.type(metricsRegistry.contentType).send(await metricsRegistry.metrics());
  });
  front.use((request, response) => {
    // "No such route" is the same from every service.
    const to = serviceOf(request.path)?.name ?? 'intake';
    forward(request, response, urlOf(to, config), (error) => logger.warn({ error, to }, 'a service does not answer'));
  });
  return front;
}

function urlOf(service: ServiceName, config: FrontConfig): string {
  switch (service) {
    case 'intake':
      return config.INTAKE_URL;
    case 'ingest':
      return config.INGEST_URL;
    case 'catalogue':
      return config.CATALOGUE_URL;
    case 'notifier':
      return config.NOTIFIER_URL;
    case 'request-handler':
      return config.REQUEST_HANDLER_URL;
  }
}

function openApiOf(service: ServiceName): OpenAPIObject {
  return JSON.parse(readFileSync(join(OPEN_API, `${service}.json`), 'utf8')) as OpenAPIObject;
}

/** What a service says of its readiness. */
async function readiness(url: string): Promise<{ ready: boolean; checks?: unknown }> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(READY_WITHIN) });
    return (await response.json()) as { ready: boolean; checks: unknown };
  } catch {
    return { ready: false };
  }
}
