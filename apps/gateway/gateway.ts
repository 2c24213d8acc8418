import type { ServiceName } from '@almagest/contracts';
import {
  allowedMethods,
  answerProblem,
  type Logger,
  metricsRegistry,
  patternOf,
  readRequestTarget,
} from '@almagest/platform';
import type { OpenAPIObject } from '@nestjs/swagger';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { COMMAND_LINE_PATHS, commandLineRoutes } from './command-line';
import { documentationRoutes } from './documentation';

/** A service as the gateway sees it: in this process or behind a URL. */
export interface GatewayService {
  readonly name: ServiceName;
  /** Decides which requests the service gets. */
  readonly openApi: OpenAPIObject;
  readonly handle: RequestHandler;
  readonly readiness: () => Promise<{ ready: boolean; checks?: unknown }>;
}

/** The paths that the gateway itself answers, besides the documentation and the command line. */
const OWN_PATHS = ['/health/live', '/health/ready', '/metrics'];

/**
 * Creates the single address of all services: each request goes to the service whose OpenAPI document has its path. The
 * gateway itself answers `/health/live`, `/health/ready` and `/metrics`, serves the documentation of the interfaces,
 * `/docs`, `/openapi.json` and `/asyncapi.json`, and the command line for users, `/almagest`.
 */
export function createGateway(services: readonly GatewayService[], logger: Logger): Express {
  const [fallback] = services;
  if (fallback === undefined) throw new Error('a gateway needs a service');
  const serviceOf = routeTo(services);
  const openApi = mergedOpenApi(services.map((service) => service.openApi));
  const gateway = express();
  gateway.disable('x-powered-by');
  gateway.set('etag', false);
  const documentation = documentationRoutes(openApi);
  const own = [...OWN_PATHS, ...documentation.paths, ...Object.keys(COMMAND_LINE_PATHS)];
  gateway.use(readRequestTarget, allowedMethods(own.map((path) => ({ path, methods: ['GET'] }))));
  gateway.use(documentation.router);
  gateway.use(commandLineRoutes());
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
  gateway.use(answerError(logger));
  return gateway;
}

/** Answers what the gateway itself refuses, or fails to do. Express knows an error handler by its four parameters. */
function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => answerProblem(error, response, logger);
}

/** Finds the service whose OpenAPI document has a path; undefined when none has. */
function routeTo(services: readonly GatewayService[]): (path: string) => GatewayService | undefined {
  const routes = services.flatMap((service) =>
    Object.keys(service.openApi.paths).map((path) => ({ path: patternOf(path), depth: depthOf(path), service })),
  );
  routes.sort((a, b) => b.depth - a.depth);
  return (path) => routes.find((route) => route.path.test(path))?.service;
}

/** Returns one OpenAPI document for all services, and for the downloads of the gateway itself. */
export function mergedOpenApi(documents: readonly OpenAPIObject[]): OpenAPIObject {
  const [first, ...others] = documents as [OpenAPIObject, ...OpenAPIObject[]];
  const merged = others.reduce<OpenAPIObject>(
    (all, document) => ({
      ...all,
      tags: [...(all.tags ?? []), ...(document.tags ?? [])],
      paths: { ...all.paths, ...document.paths },
      components: { ...all.components, schemas: { ...all.components?.schemas, ...document.components?.schemas } },
    }),
    { ...first, info: { ...first.info, title: 'Almagest', description: 'All services of the archive on one port.' } },
  );
  return { ...merged, paths: { ...merged.paths, ...COMMAND_LINE_PATHS } };
}

/** Counts the fixed segments of a path: routes with more of them are tried first. */
function depthOf(path: string): number {
  return path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{')).length;
}
