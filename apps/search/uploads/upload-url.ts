import { Readable } from 'node:stream';
import { openAllowed, SourceError } from '@almagest/sources';
import { badUpload } from '../search.error';

const DOWNLOAD_MS = 60_000;

/**
 * Opens a table on one of the servers that the configuration lists; a redirect may lead only to another of them.
 * @throws DomainError `search.bad-upload`, also while it is read
 */
export async function openUrl(location: string, hosts: readonly string[]): Promise<Readable> {
  try {
    const body = await openAllowed(location, hosts, AbortSignal.timeout(DOWNLOAD_MS));
    return Readable.from(piecesOf(body, location), { objectMode: false });
  } catch (error) {
    if (error instanceof SourceError) throw badUpload(`The table cannot be read: ${error.message}`);
    throw error;
  }
}

async function* piecesOf(body: Readable, location: string): AsyncGenerator<Buffer> {
  try {
    yield* body as AsyncIterable<Buffer>;
  } catch {
    throw badUpload(`The table cannot be read: the server of ${location} stopped sending`);
  } finally {
    body.destroy();
  }
}
