import type { Request, Response } from 'express';
import { allowedMethods, pathMethodsOf } from './allowed-methods';

describe('allowedMethods', () => {
  const paths = pathMethodsOf({
    paths: {
      '/mails/{id}': { get: {} },
      '/mails/bounces': { post: {} },
      '/deliveries/{id}/files/{path}': { get: {} },
      '/openapi.json': { get: {} },
    },
  });

  /** Returns what the routes get to see, or the answer. */
  function answer(method: string, path: string): unknown {
    let seen: unknown = 'no answer';
    const response = {
      status: () => response,
      setHeader: (_name: string, value: string) => {
        seen = value;
        return response;
      },
      end: () => response,
    };
    allowedMethods(paths)({ method, path } as Request, response as unknown as Response, (error?: unknown) => {
      seen = error ?? 'routes';
    });
    return seen;
  }

  it.each([
    ['GET', '/mails/1'],
    ['HEAD', '/mails/1'],
    ['POST', '/mails/bounces'],
    ['GET', '/deliveries/1/files/a/b/c'],
    ['PATCH', '/openapi-json'],
    ['PATCH', '/no/such/route'],
    ['OPTIONS', '/no/such/route'],
  ])('leaves %s %s to the routes', (method, path) => {
    expect(answer(method, path)).toBe('routes');
  });

  it.each([
    ['POST', '/mails/1', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/mails/bounces/', 'GET, HEAD, OPTIONS, POST'],
    ['PUT', '/deliveries/1/files/a/b', 'GET, HEAD, OPTIONS'],
  ])('refuses %s %s, and says what is allowed', (method, path, allow) => {
    const detail = { headers: { Allow: allow } };
    expect(answer(method, path)).toMatchObject({ kind: 'method-not-allowed', code: 'http.method-not-allowed', detail });
  });

  it('answers OPTIONS', () => {
    expect(answer('OPTIONS', '/mails/bounces')).toBe('GET, HEAD, OPTIONS, POST');
  });
});
