import type { Request, Response } from 'express';
import { crossOrigin, sharedPathsOf } from './cross-origin';

const PATHS = sharedPathsOf({
  paths: {
    '/tap/sync': { get: { 'x-right': 'public' }, post: { 'x-right': 'public' } },
    '/files/{path}': { get: { 'x-right': 'data of delivery by params.id' } },
    '/projects/{code}/metadata': { get: { 'x-right': 'public' }, put: { 'x-right': 'qa2:submit' } },
    '/mails': { get: { 'x-right': 'archive:operate' } },
    '/requests': { post: { 'x-right': 'data of ous by body.ous' } },
  },
});

function headersOf(method: string, path: string): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = { setHeader: (name: string, value: string) => (headers[name.toLowerCase()] = value) };
  let isPassed = false;
  const next = (): void => void (isPassed = true);
  void crossOrigin(PATHS)({ method, path } as Request, response as unknown as Response, next);
  expect(isPassed).toBe(true);
  return headers;
}

describe('pages of other sites', () => {
  it.each([
    ['GET', '/tap/sync'],
    ['POST', '/tap/sync'],
    ['HEAD', '/files/a/b.fits'],
    ['GET', '/projects/2013.1.00001.S/metadata'],
  ])('may read the answer of %s %s, without credentials', (method, path) => {
    const headers = headersOf(method, path);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-expose-headers']).toContain('Content-Range');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
    expect(headers).not.toHaveProperty('access-control-allow-methods');
  });

  it.each([
    ['PUT', '/projects/2013.1.00001.S/metadata'],
    ['GET', '/mails'],
    ['OPTIONS', '/mails'],
    ['POST', '/requests'],
    ['GET', '/unknown'],
  ])('may not read that of %s %s', (method, path) => {
    expect(headersOf(method, path)).toEqual({});
  });

  it('are informed of the methods and headers that they may send', () => {
    expect(headersOf('OPTIONS', '/projects/2013.1.00001.S/metadata')).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': expect.stringContaining('Range') as string,
      'access-control-max-age': '86400',
    });
    expect(headersOf('OPTIONS', '/tap/sync')['access-control-allow-methods']).toBe('GET, HEAD, POST');
  });
});
