import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path/posix';
import { setTimeout as delay } from 'node:timers/promises';
import { contentRange } from '@almagest/contracts';
import { delayAfter } from '@almagest/retry';
import { ArchiveClientError, systemCodeOf } from '../archive-client.error';
import { unwritable } from '../files/disk';
import { hashFileAt, hashOpenFile, type Tap } from '../files/hash-file';
import type { ArchiveClient } from '../http/archive-client';
import { type Folder, inTheWay } from '../unpacking/folder';
import type { FetchProgress } from './fetch-progress';

const OPEN_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;

/** A file to fetch. */
export interface WantedFile {
  /** Its path below the folder, with `/` as the separator. */
  path: string;
  /** Its path in the archive's API. */
  url: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/** Where a file goes. */
export interface Place {
  target: string;
  /** Where it is until it is complete, on the same file system. */
  partial: string;
}

/** What downloads need of a client. */
export type DownloadClient = Pick<ArchiveClient, 'download' | 'downloadRetry'>;
type Counter = Pick<FetchProgress, 'onBytes' | 'onFound'>;

/**
 * Returns the place of a file below a folder, and creates its parent directories.
 * @throws ArchiveClientError
 */
export function placeOf(folder: Folder, { path, sha256 }: WantedFile): Place {
  const target = folder.fileAt(path);
  // The key includes the SHA-256, so that the download of another revision is never resumed.
  const key = createHash('sha256').update(`${sha256} ${path}`).digest('hex').slice(0, 16);
  return { target, partial: folder.stagingPath(`${key}.${basename(path).slice(0, 50)}.partial`) };
}

/** Returns the bytes of a file that are not on the disk yet. */
export async function missingBytes({ size }: WantedFile, { target, partial }: Place): Promise<number> {
  const sizeOf = async (path: string): Promise<number | null> => (await lstat(path).catch(() => null))?.size ?? null;
  return (await sizeOf(target)) === null ? size - Math.min(size, (await sizeOf(partial)) ?? 0) : 0;
}

/**
 * Fetches a file: resumes an earlier download, and renames the file to its target when the bytes on the disk have the
 * catalogue's SHA-256. A file that is already in place is left as it is.
 * @param tap receives the content once it is complete; the content is verified after the last chunk
 * @returns `there` when the file was in place before
 * @throws ArchiveClientError; the reason of `stop`
 */
export async function fetchFile(
  client: DownloadClient,
  wanted: WantedFile,
  place: Place,
  progress: Counter,
  stop: AbortSignal,
  tap?: Tap,
): Promise<'fetched' | 'there'> {
  const { target, partial } = place;
  if (await isInPlace(target, wanted, stop, tap)) {
    progress.onFound(wanted.size);
    return 'there';
  }
  const file = await open(partial, OPEN_FLAGS, 0o666).catch((cause: unknown) =>
    Promise.reject(unwritable(partial, cause)),
  );
  try {
    await complete(client, wanted, { ...place, file }, progress, stop, tap);
  } catch (error) {
    if ((await file.stat()).size === 0) await rm(partial, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await publish(place, wanted, stop);
  return 'fetched';
}

/**
 * Returns true when the file is at its target with the right content, false when nothing is there.
 * @throws ArchiveClientError `archive-client.file-in-the-way` when something else is at the target
 */
export async function isInPlace(
  target: string,
  { size, sha256 }: Pick<WantedFile, 'size' | 'sha256'>,
  stop: AbortSignal,
  tap?: Tap,
): Promise<boolean> {
  const facts = await lstat(target).catch((cause: unknown) => {
    if (/^(?:ENOENT|ENOTDIR)$/.test(systemCodeOf(cause))) return null;
    throw unwritable(target, cause);
  });
  if (facts === null) return false;
  if (!facts.isFile()) throw inTheWay(target, 'it is not a regular file');
  if (facts.size !== size || (await hashFileAt(target, stop, tap)).sha256 !== sha256) {
    throw inTheWay(target, 'its content differs from the file in the archive');
  }
  return true;
}

interface OpenPlace extends Place {
  file: FileHandle;
}

/** Downloads the file and verifies it. A resumed file with the wrong SHA-256 is downloaded again from 0, once. */
async function complete(
  client: DownloadClient,
  wanted: WantedFile,
  { file, target }: OpenPlace,
  progress: Counter,
  stop: AbortSignal,
  tap?: Tap,
): Promise<void> {
  let begun = (await file.stat()).size;
  if (begun > wanted.size) {
    await file.truncate(0);
    begun = 0;
  }
  progress.onFound(begun);
  for (let at = begun; ; at = 0) {
    await fill(client, wanted, file, at, target, progress, stop);
    await file.sync().catch((cause: unknown) => Promise.reject(unwritable(target, cause)));
    if ((await hashOpenFile(file, stop, tap)).sha256 === wanted.sha256) return;
    await file.truncate(0);
    progress.onBytes(-wanted.size);
    if (begun === 0) break;
    begun = 0;
  }
  const message = `the SHA-256 of the downloaded ${wanted.path} differs from the catalogue; the download was removed`;
  throw new ArchiveClientError('archive-client.digest-differs', message);
}

/** Writes the file from `at` to its end. A broken download is retried as long as it makes progress. */
async function fill(
  client: DownloadClient,
  wanted: WantedFile,
  file: FileHandle,
  at: number,
  target: string,
  progress: Counter,
  stop: AbortSignal,
): Promise<void> {
  for (let failures = 0; at < wanted.size;) {
    const before = at;
    try {
      const range = await openRange(client, wanted, at, stop);
      progress.onBytes(range.at - at);
      at = range.at;
      for await (const chunk of range.body) {
        if (at + chunk.length > wanted.size) throw tooLong(wanted);
        await file
          .write(chunk, 0, chunk.length, at)
          .catch((cause: unknown) => Promise.reject(unwritable(target, cause)));
        at += chunk.length;
        progress.onBytes(chunk.length);
      }
      if (at < wanted.size) throw tooShort(wanted);
    } catch (error) {
      stop.throwIfAborted();
      failures = at > before ? 1 : failures + 1;
      const pause = delayAfter(client.downloadRetry, failures);
      if (!(error instanceof ArchiveClientError) || !error.retryable || pause === null) throw error;
      await delay(pause, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
    }
  }
}

function tooLong({ url }: WantedFile): ArchiveClientError {
  return new ArchiveClientError('archive-client.not-an-archive', `${url} is longer than the catalogue says`);
}

function tooShort({ url }: WantedFile): ArchiveClientError {
  return new ArchiveClientError('archive-client.unreachable', `the download of ${url} ended early`);
}

/**
 * Requests the bytes of a file from `from` to its end. The answer begins at `at`: 0 when the archive or a proxy ignores
 * ranges. An answer about anything else, such as a login page, is refused unread.
 * @throws ArchiveClientError
 */
async function openRange(
  client: DownloadClient,
  { url, size, sha256 }: WantedFile,
  from: number,
  stop: AbortSignal,
): Promise<{ at: number; body: AsyncIterable<Uint8Array> }> {
  const range = { start: from, end: size - 1 };
  const { status, headers, body, abandon } = await client.download(url, range, stop);
  const at = status === 206 ? from : 0;
  const isRange = status === 200 || (status === 206 && headers.get('content-range') === contentRange(range, size));
  if (isRange && headers.get('etag') === `"${sha256}"`) return { at, body };
  abandon();
  const type = headers.get('content-type') ?? 'no content type';
  throw new ArchiveClientError(
    'archive-client.not-an-archive',
    type.startsWith('text/html')
      ? `received a web page instead of ${url}: the session may have expired, or a proxy requires a login`
      : `received something other than ${url} (HTTP ${status}, ${type})`,
  );
}

/** Renames the file to its target. Another run that fetches the same file into the same folder may have done so. */
async function publish({ partial, target }: Place, wanted: WantedFile, stop: AbortSignal): Promise<void> {
  try {
    await rename(partial, target);
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT' && (await isInPlace(target, wanted, stop))) return;
    throw unwritable(target, cause);
  }
}
