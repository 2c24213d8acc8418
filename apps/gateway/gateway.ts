import type { ServiceName } from '@almagest/contracts';
import { metricsRegistry } from '@almagest/platform';
import type { OpenAPIObject } from '@nestjs/swagger';
import express, { type Express, type RequestHandler } from 'express';

/** A service as the gateway sees it: in this process or behind a URL. */
export interface GatewayService {
  readonly name: ServiceName;
  /** Decides which requests the service gets. */
  readonly openApi: OpenAPIObject;
  readonly handle: RequestHandler;
  readonly readiness: () => Promise<{ ready: boolean; checks?: unknown }>;
}

/**
 * Creates the single address of all services: each request goes to the service whose OpenAPI document has its path. The
 * gateway itself answers `/openapi.json`, `/health/live`, `/health/ready` and `/metrics`.
 */
export function createGateway(services: readonly GatewayService[]): Express {
  const [fallback] = services;
  if (fallback === undefined) throw new Error('a gateway needs a service');
  const serviceOf = routeTo(services);
  const openApi = mergedOpenApi(services.map((service) => service.openApi));
  const gateway = express();
  gateway.disable('x-powered-by');
  gateway.set('etag', false);
  gateway.get('/openapi.json', (_request, response) => void response.json(openApi));
  gateway.get('/health/live', (_request, response) => void response.json({ status: 'ok' }));
  gateway.get('/health/ready', async (_request, response) => {
    const states = await Promise.all(services.map(async ({ name, readiness }) => [name, await readiness()] as const));
    const ready = states.every(([, state]) => state.ready);
    response.status(ready ? 200 : 503).json({ ready, services: Object.fromEntries(states) });
  });
  gateway.get('/metrics', async (_request, response) => {
    response.type(metricsRegistry.contentType).send(await metricsRegistry.metrics());
  });
  gateway.use((request, response, next) => {
    // Every service gives the same answer to an unknown path.
    void (serviceOf(request.path) ?? fallback).handle(request, response, next);
  });
  return gateway;
}

/** Finds the service whose OpenAPI document has a path; undefined when none has. */
function routeTo(services: readonly GatewayService[]): (path: string) => GatewayService | undefined {
  const routes = services.flatMap((service) =>
    Object.keys(service.openApi.paths).map((path) => ({ path: patternOf(path), depth: depthOf(path), service })),
  );
  routes.sort((a, b) => b.depth - a.depth);
  return (path) => routes.find((route) => route.path.test(path))?.service;
}

/** Returns one OpenAPI document for all services. */
function mergedOpenApi(documents: readonly OpenAPIObject[]): OpenAPIObject {
  const [first, ...others] = documents as [OpenAPIObject, ...OpenAPIObject[]];
  return others.reduce<OpenAPIObject>(
    (all, document) => ({
      ...all,
      tags: [...(all.tags ?? []), ...(document.tags ?? [])],
      paths: { ...all.paths, ...document.paths },
      components: { ...all.components, schemas: { ...all.components?.schemas, ...document.components?.schemas } },
    }),
    { ...first, info: { ...first.info, title: 'Almagest', description: 'All services of the archive on one port.' } },
  );
}

/** Returns the pattern of a path such as `/ous/{uid}/asdms`. The last segment `{path}` matches the rest of a path. */
function patternOf(path: string): RegExp {
  const source = path
    .split('/')
    .map((segment) => (segment === '{path}' ? '.+' : /^\{.+\}$/.test(segment) ? '[^/]+' : segment))
    .join('/');
  return new RegExp(`^${source}/?$`);
}

/** Counts the fixed segments of a path: routes with more of them are tried first. */
function depthOf(path: string): number {
  return path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{')).length;
}
