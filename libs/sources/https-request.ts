import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { notAllowed } from './allowed-sources';
import { checkWhole, get, type HttpResponse } from './http-response';
import { SourceError } from './source.error';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** For files of unknown length, which are read once: silence fails. */
const agent = new Agent({ connectTimeout: 10_000, headersTimeout: 10_000, bodyTimeout: 10_000 });

/**
 * Sends a GET request to one of the allowed servers; a redirect may lead only to another of them.
 * @param hosts `host` or `host:port`, as in a URL
 * @throws SourceError
 */
export async function getAllowed(
  location: string,
  hosts: readonly string[],
  options: { dispatcher: Dispatcher; signal: AbortSignal; headers: Record<string, string> },
): Promise<HttpResponse> {
  let url = new URL(location);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    assertAllowed(url, hosts);
    const response = await get(url, options);
    if (!REDIRECTS.has(response.statusCode)) return response;
    response.body.destroy();
    const target = response.headers['location'];
    if (typeof target !== 'string' || !URL.canParse(target, url.href)) {
      throw new SourceError('source.unusable', `${location} redirects to an invalid location`);
    }
    url = new URL(target, url.href);
  }
  throw new SourceError('source.unusable', `${location} redirects more than ${MAX_REDIRECTS} times`);
}

/**
 * Opens a file of unknown length on one of the allowed servers. The reader limits its bytes, and destroys the stream.
 * @throws SourceError
 */
export async function openAllowed(
  location: string,
  hosts: readonly string[],
  signal: AbortSignal,
  dispatcher: Dispatcher = agent,
): Promise<Readable> {
  if (!URL.canParse(location)) throw new SourceError('source.unusable', `'${location}' is no URL`);
  const headers = { 'accept-encoding': 'identity' };
  const response = await getAllowed(location, hosts, { dispatcher, signal, headers });
  try {
    checkWhole(response, location, null);
    return response.body;
  } catch (error) {
    response.body.destroy();
    throw error;
  }
}

function assertAllowed(url: URL, hosts: readonly string[]): void {
  if (url.protocol === 'https:' && !url.username && !url.password && hosts.includes(url.host)) return;
  throw new SourceError('source.not-allowed', notAllowed(`${url.protocol}//${url.host}`, hosts));
}
