import type { RequestHandler } from 'express';
import { DomainError } from '../errors';

/** A path in the form of OpenAPI, such as `/ous/{uid}/asdms`, and the methods that it has: `GET`, `POST`. */
export interface PathMethods {
  readonly path: string;
  readonly methods: readonly string[];
}

/** Returns the pattern of a path such as `/ous/{uid}/asdms`. The last segment `{path}` matches the rest of a path. */
export function patternOf(path: string): RegExp {
  const source = path
    .split('/')
    .map((segment) =>
      segment === '{path}' ? '.+' : /^\{.+\}$/.test(segment) ? '[^/]+' : segment.replaceAll('.', '\\.'),
    )
    .join('/');
  return new RegExp(`^${source}/?$`);
}

/** Returns the paths of an OpenAPI document with their methods. */
export function pathMethodsOf(document: { paths: Record<string, object> }): PathMethods[] {
  return Object.entries(document.paths).map(([path, operations]) => ({
    path,
    methods: Object.keys(operations).map((method) => method.toUpperCase()),
  }));
}

/**
 * Answers `OPTIONS` with the methods of a path in `Allow`, and refuses every other method that the path does not have
 * with 405 (RFC 9110, 9.3.7 and 15.5.6). An unknown path is left to the routes, which answer 404.
 */
export function allowedMethods(paths: readonly PathMethods[]): RequestHandler {
  const patterns = paths.map(({ path, methods }) => ({ pattern: patternOf(path), methods }));
  return (request, response, next) => {
    const known = patterns.filter(({ pattern }) => pattern.test(request.path));
    const methods = new Set(known.flatMap((each) => each.methods));
    if (methods.has('GET')) methods.add('HEAD');
    if (known.length === 0 || methods.has(request.method)) {
      next();
      return;
    }
    const allow = [...methods.add('OPTIONS')].sort().join(', ');
    if (request.method === 'OPTIONS') {
      response.status(204).setHeader('Allow', allow).end();
      return;
    }
    next(
      new DomainError('method-not-allowed', 'http.method-not-allowed', `${request.path} has no ${request.method}`, {
        headers: { Allow: allow },
      }),
    );
  };
}
