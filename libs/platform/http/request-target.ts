import { pointer, type Violation } from '@almagest/contracts';
import type { RequestHandler } from 'express';
import { DomainError } from '../errors';

/** Every method that a route of the archive may have; the answer to `OPTIONS *`. */
const METHODS = 'DELETE, GET, HEAD, OPTIONS, POST';
/** `http://host:port/path?query`: the form that clients of a proxy use, and that every server must accept. */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]+)(.*)$/i;
/** NUL in a URL. PostgreSQL holds it in no text, so it can name nothing in the archive. */
const NUL = /%00/;

/**
 * Reads the target of a request in each of its forms (RFC 9112, 3.2): rewrites the absolute form to a path, whose host
 * then replaces the header `Host`, and answers `OPTIONS *`. Refuses another target, and NUL in a path or query.
 * @throws DomainError `http.target-invalid`, `http.request-invalid`
 */
export const readRequestTarget: RequestHandler = (request, response, next) => {
  const [, authority, rest = ''] = ABSOLUTE_FORM.exec(request.url) ?? [];
  if (authority !== undefined) {
    request.headers.host = authority.slice(authority.lastIndexOf('@') + 1);
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    request.originalUrl = request.url;
  }
  if (request.url === '*' && request.method === 'OPTIONS') {
    response.status(204).setHeader('Allow', METHODS).end();
    return;
  }
  if (!request.url.startsWith('/')) {
    const message = 'The target of the request must be a path such as /projects';
    next(new DomainError('invalid', 'http.target-invalid', message));
    return;
  }
  const violations = nulsIn(request.url);
  next(
    violations.length === 0
      ? undefined
      : new DomainError('invalid', 'http.request-invalid', 'Invalid request', { violations }),
  );
};

function nulsIn(url: string): Violation[] {
  const [path = '', ...queries] = url.split('?');
  const names = queries
    .join('?')
    .split('&')
    .filter((field) => NUL.test(field))
    .map((field) => nameOf(field));
  const pointers = [...(NUL.test(path) ? [''] : []), ...names.map((name) => pointer([name]))];
  return pointers.map((place) => ({ pointer: place, message: 'must not contain NUL (%00)' }));
}

function nameOf(field: string): string {
  const [name = ''] = field.split('=');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
