import type { ArchiveClient } from '../archive/archive-client';
import { CliError } from '../cli.error';

/** Something the archive keeps: its path there, and what it is. */
export interface Stored {
  url: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/**
 * The bytes of something stored, from `from` on, with the place at which they begin: 0 when the archive, or something
 * between, gives no ranges. An answer that is not about these very bytes, such as a login page, is refused unread.
 * @throws CliError
 */
export async function storedFrom(
  client: Pick<ArchiveClient, 'download'>,
  { url, size, sha256 }: Stored,
  from: number,
  stop: AbortSignal,
): Promise<{ at: number; body: AsyncIterable<Uint8Array> }> {
  const { status, headers, body } = await client.download(url, { first: from, last: size - 1 }, stop);
  const at = status === 206 ? from : 0;
  const range = headers.get('content-range');
  const isRange = status === 200 || (status === 206 && range === `bytes ${from}-${size - 1}/${size}`);
  if (isRange && headers.get('etag') === `"${sha256}"`) return { at, body };
  const type = headers.get('content-type') ?? 'nothing';
  throw new CliError(
    'cli.not-an-archive',
    type.startsWith('text/html')
      ? `a web page came instead of ${url}: the session may have ended, or a proxy asks for a login`
      : `what came is not ${url} (HTTP ${status}, ${type})`,
  );
}
