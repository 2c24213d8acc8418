import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path/posix';
import { setTimeout as delay } from 'node:timers/promises';
import type { ArchiveClient } from '../archive/archive-client';
import { CliError, isCliError } from '../cli.error';
import { unwritable } from '../files/disk';
import { codeOf } from '../system-error';
import { type Folder, inTheWay } from '../unpacking/folder';
import { hashFileAt, hashOpenFile, type Tap } from './hash-open-file';
import { type Stored, storedFrom } from './stored-range';

/** Pauses before a broken download is gone on with, in ms; when it breaks once more without a byte, it is given up. */
const PAUSES = [250, 500, 1_000, 2_000, 4_000, 8_000];

const OPEN_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;

/** A file to be had. */
export interface WantedFile extends Stored {
  /** What it is called, and where below the folder it belongs; `/` between its steps. */
  path: string;
}

/** Where a file goes. */
export interface Place {
  target: string;
  /** Where it is until it is whole, on the same file system. */
  partial: string;
}

export interface FetchProgress {
  /** Bytes that are on the disk now and were not before; negative when some have to be fetched again. */
  onBytes(bytes: number): void;
  /** Bytes that were on the disk already. */
  onFound(bytes: number): void;
}

/**
 * The place of a file below a folder; the directories above it are there afterwards.
 * @throws CliError
 */
export function placeOf(folder: Folder, { path, sha256 }: WantedFile): Place {
  const target = folder.fileAt(path);
  // By what it will be, so that another revision never goes on with it.
  const key = createHash('sha256').update(`${sha256} ${path}`).digest('hex').slice(0, 16);
  return { target, partial: folder.workshop(`${key}.${basename(path).slice(0, 50)}.partial`) };
}

/** Bytes of a file that are still to be written to the disk. */
export async function missingBytes({ size }: Stored, { target, partial }: Place): Promise<number> {
  const sizeOf = async (path: string): Promise<number | null> => (await lstat(path).catch(() => null))?.size ?? null;
  return (await sizeOf(target)) === null ? size - Math.min(size, (await sizeOf(partial)) ?? 0) : 0;
}

/**
 * Fetches a file: goes on where an earlier run broke off, and gives it its name when what is on the disk has the
 * SHA-256 of the catalogue. A file that is there already is left as it is.
 * @param tap hears of the content once it is whole; after the last chunk it is known to be the right one
 * @returns whether it was fetched, or there before
 * @throws CliError; the reason of `stop`
 */
export async function fetchFile(
  client: Pick<ArchiveClient, 'download'>,
  wanted: WantedFile,
  place: Place,
  progress: FetchProgress,
  stop: AbortSignal,
  tap?: Tap,
): Promise<'fetched' | 'there'> {
  const { target, partial } = place;
  if (await isThere(target, wanted, stop, tap)) {
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
 * True when the file has its place and its content.
 * @throws CliError `cli.file-in-the-way` when something else has its place
 */
export async function isThere(
  target: string,
  { size, sha256 }: Pick<WantedFile, 'size' | 'sha256'>,
  stop: AbortSignal,
  tap?: Tap,
): Promise<boolean> {
  const facts = await lstat(target).catch((cause: unknown) => {
    if (/^(?:ENOENT|ENOTDIR)$/.test(codeOf(cause))) return null;
    throw unwritable(target, cause);
  });
  if (facts === null) return false;
  if (!facts.isFile()) throw inTheWay(target, 'it is no file');
  if (facts.size !== size || (await hashFileAt(target, stop, tap)).sha256 !== sha256) {
    throw inTheWay(target, 'it has other content than the archive has');
  }
  return true;
}

interface OpenPlace extends Place {
  file: FileHandle;
}

/** Fills the file and checks it; one that was begun by an earlier run and came out wrong is fetched anew, once. */
async function complete(
  client: Pick<ArchiveClient, 'download'>,
  wanted: WantedFile,
  { file, target }: OpenPlace,
  progress: FetchProgress,
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
  throw new CliError(
    'cli.digest-differs',
    `${wanted.path} came with another SHA-256 than the catalogue has; nothing of it is kept`,
    { hints: ['the archive’s operators find out with: almagest scrub'] },
  );
}

/** Writes from `at` to the end; a broken download is gone on with as long as it gets further. */
async function fill(
  client: Pick<ArchiveClient, 'download'>,
  wanted: WantedFile,
  file: FileHandle,
  at: number,
  target: string,
  progress: FetchProgress,
  stop: AbortSignal,
): Promise<void> {
  for (let failures = 0; at < wanted.size;) {
    const before = at;
    try {
      const answer = await storedFrom(client, wanted, at, stop);
      progress.onBytes(answer.at - at);
      at = answer.at;
      for await (const chunk of answer.body) {
        if (at + chunk.length > wanted.size) throw new CliError('cli.not-an-archive', `${wanted.url} does not end`);
        await file
          .write(chunk, 0, chunk.length, at)
          .catch((cause: unknown) => Promise.reject(unwritable(target, cause)));
        at += chunk.length;
        progress.onBytes(chunk.length);
      }
      if (at < wanted.size) throw new CliError('cli.archive-unreachable', `${wanted.url} ended before its end`);
    } catch (error) {
      stop.throwIfAborted();
      failures = at > before ? 1 : failures + 1;
      const pause = PAUSES[failures - 1];
      if (!isCliError(error, 'cli.archive-unreachable') || pause === undefined) throw error;
      await delay(pause, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
    }
  }
}

/** Another run that fetches the same into the same folder may have been first. */
async function publish({ partial, target }: Place, wanted: WantedFile, stop: AbortSignal): Promise<void> {
  try {
    await rename(partial, target);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' && (await isThere(target, wanted, stop))) return;
    throw unwritable(target, cause);
  }
}
