import type { Readable } from 'node:stream';
import { openAllowed, SourceError } from '@almagest/sources';
import { badUpload } from '../search.error';

const DOWNLOAD_MS = 60_000;

/**
 * Opens a table on one of the servers that the configuration lists; a redirect may lead only to another of them.
 * @throws DomainError `search.bad-upload`
 */
export async function openUrl(location: string, hosts: readonly string[]): Promise<Readable> {
  try {
    return await openAllowed(location, hosts, AbortSignal.timeout(DOWNLOAD_MS));
  } catch (error) {
    if (error instanceof SourceError) throw badUpload(`The table cannot be read: ${error.message}`);
    throw error;
  }
}
