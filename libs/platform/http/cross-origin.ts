import type { RequestHandler } from 'express';
import { type PathMethods, patternOf } from './allowed-methods';

/** What a page may read of an answer, besides what every page may (Fetch, 3.3.4). */
const EXPOSED = [
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Length',
  'Content-Range',
  'ETag',
  'Link',
  'Location',
  'Repr-Digest',
  'Retry-After',
  'WWW-Authenticate',
].join(', ');
/** What a page may send, besides what every page may. */
const SENT =
  'Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range, Range, Want-Repr-Digest';
/** Seconds that a browser need not ask again. */
const MAX_AGE = '86400';

/** Returns the paths of an OpenAPI document that pages of other sites may use: public ones, and reads of data. */
export function sharedPathsOf(document: { paths: Record<string, object> }): PathMethods[] {
  return Object.entries(document.paths).map(([path, operations]) => ({
    path,
    methods: Object.entries(operations as Record<string, { 'x-right'?: string }>)
      .filter(
        ([method, { 'x-right': right = '' }]) => right === 'public' || (method === 'get' && /^data of /.test(right)),
      )
      .map(([method]) => method.toUpperCase()),
  }));
}

/**
 * Lets pages of every site read what the paths answer (CORS; Fetch, 3.3). Credentials of the browser are never asked for:
 * the archive has no cookies, and a page needs a token or link of its own for data that are not public. What comes after
 * this answers OPTIONS.
 */
export function crossOrigin(paths: readonly PathMethods[]): RequestHandler {
  const patterns = paths.map(({ path, methods }) => ({ pattern: patternOf(path), methods }));
  return (request, response, next) => {
    const methods = new Set(
      patterns.filter(({ pattern }) => pattern.test(request.path)).flatMap((each) => each.methods),
    );
    if (methods.has('GET')) methods.add('HEAD');
    const isPreflight = request.method === 'OPTIONS';
    if (methods.has(request.method) || (isPreflight && methods.size > 0)) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    }
    if (isPreflight && methods.size > 0) {
      response.setHeader('Access-Control-Allow-Methods', [...methods].sort().join(', '));
      response.setHeader('Access-Control-Allow-Headers', SENT);
      response.setHeader('Access-Control-Max-Age', MAX_AGE);
    }
    next();
  };
}
