import type { OpenAPIObject } from '@nestjs/swagger';

/** A service with the routes its OpenAPI document has. */
export interface Routed<Target> {
  readonly target: Target;
  readonly openApi: Pick<OpenAPIObject, 'paths'>;
}

/** Finds the service whose OpenAPI document has a path; undefined when none has. */
export function routeTo<Target>(services: readonly Routed<Target>[]): (path: string) => Target | undefined {
  const routes = services.flatMap(({ target, openApi: { paths } }) =>
    Object.keys(paths).map((path) => ({ path: patternOf(path), depth: depthOf(path), target })),
  );
  routes.sort((a, b) => b.depth - a.depth);
  return (path) => routes.find((route) => route.path.test(path))?.target;
}

/** One OpenAPI document of all services. */
export function mergedOpenApi(documents: readonly OpenAPIObject[]): OpenAPIObject {
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
