import { ReadinessChecks, type RunningService } from '@almagest/platform';
import type { OpenAPIObject } from '@nestjs/swagger';
import express, { type Express, type Request, type RequestHandler } from 'express';

/** Answers for all services on one port: each request goes to the service whose OpenAPI document has its path. */
export function frontOf(services: readonly RunningService[]): Express {
  const front = express();
  front.disable('x-powered-by');
  const openApi = merged(services.map((service) => service.openApi));
  front.get('/openapi.json', (_request, response) => void response.json(openApi));
  front.get('/health/ready', async (_request, response) => {
    const states = await Promise.all(
      services.map(async ({ name, app }) => [name, await app.get(ReadinessChecks).run()] as const),
    );
    const ready = states.every(([, state]) => state.ready);
    response.status(ready ? 200 : 503).json({ ready, services: Object.fromEntries(states) });
  });
  const routes = services.flatMap(({ app, openApi: { paths } }) => {
    const handler = app.getHttpAdapter().getInstance() as RequestHandler;
    return Object.keys(paths).map((path) => ({ path: patternOf(path), depth: depthOf(path), handler }));
  });
  routes.sort((a, b) => b.depth - a.depth);
  // Health, metrics and "no such route" are the same from every service.
  const fallback = services[0]?.app.getHttpAdapter().getInstance() as RequestHandler;
  front.use((request: Request, response, next) => {
    const route = routes.find(({ path }) => path.test(request.path));
    (route?.handler ?? fallback)(request, response, next);
  });
  return front;
}

/** `/ous/{uid}/asdms` -> a pattern; a trailing `{path}` of files matches the rest. */
function patternOf(path: string): RegExp {
  const source = path
    .split('/')
    .map((segment) => (segment === '{path}' ? '.+' : /^\{.+\}$/.test(segment) ? '[^/]+' : segment))
    .join('/');
  return new RegExp(`^${source}/?$`);
}

/** Routes with more fixed segments are tried first. */
function depthOf(path: string): number {
  return path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{')).length;
}

function merged(documents: readonly OpenAPIObject[]): OpenAPIObject {
  const [first, ...others] = documents;
  if (first === undefined) throw new Error('no service to describe');
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
