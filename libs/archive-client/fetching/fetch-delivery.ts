import { rm } from 'node:fs/promises';
import type { Delivery, MemberFile } from '@almagest/contracts';
import { assertRoom } from '../files/disk';
import { type Folder, stepsOf, unsafeName } from '../unpacking/folder';
import { TarCheck } from '../unpacking/tar-check';
import { Unpacker } from '../unpacking/unpacker';
import { type DownloadClient, fetchFile, isInPlace, missingBytes, placeOf, type WantedFile } from './fetch-file';
import { FetchProgress } from './fetch-progress';
import { inParallel } from './in-parallel';

type Part = Delivery['partList'][number];

/** A part or file on the disk. */
export interface Fetched {
  path: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
  /** `there`: it was on the disk before, with this SHA-256. */
  state: 'fetched' | 'there' | 'unpacked';
}

/** How to fetch, and where to. */
export interface FetchJob {
  client: DownloadClient;
  folder: Folder;
  /** How many parts or files are fetched at a time. */
  jobs: number;
  /** Aborts the fetch; its reason is thrown. */
  signal: AbortSignal;
  /** Keeps the tars that are unpacked. */
  keep?: boolean;
  /** Called before the first byte is downloaded. */
  onBegin(progress: FetchProgress): void;
}

/**
 * Fetches parts, or single files of parts, into a folder. Each is verified by its SHA-256 and gets its name once it is
 * complete. A fetch that was interrupted resumes when it is called again; files that are complete are only verified.
 * @throws ArchiveClientError; the reason of the job's signal
 */
export async function fetchFiles(files: readonly WantedFile[], job: FetchJob): Promise<Fetched[]> {
  const { client, folder, jobs, signal } = job;
  const progress = new FetchProgress(sum(files));
  job.onBegin(progress);
  const placed = files.map((file) => ({ file, place: placeOf(folder, file) }));
  let missing = 0;
  for (const { file, place } of placed) missing += await missingBytes(file, place);
  await assertRoom(folder.root, missing);
  const fetched = new Map<WantedFile, Fetched>();
  await inParallel(placed, jobs, signal, async ({ file, place }, stop) => {
    const state = await fetchFile(client, file, place, progress, stop);
    fetched.set(file, { path: place.target, size: file.size, sha256: file.sha256, state });
  });
  return files.flatMap((file) => fetched.get(file) ?? []);
}

/**
 * Fetches parts and unpacks them. A part is unpacked once all of it is on the disk, has the catalogue's SHA-256 and has
 * passed a TarCheck, which also compares its content with `files`; then its tar is removed. A part whose files are all in
 * place, with the catalogue's SHA-256, is not fetched again.
 * @param files all files inside these parts
 * @throws ArchiveClientError; the reason of the job's signal
 */
export async function fetchUnpacked(
  parts: readonly Part[],
  files: readonly MemberFile[],
  job: FetchJob,
): Promise<Fetched[]> {
  const { client, folder, jobs, signal } = job;
  for (const { path } of files) stepsOf(path);
  for (const { name } of parts) if (stepsOf(name).length !== 1) throw unsafeName(name, 'is not the name of a part');
  const progress = new FetchProgress(sum(parts));
  job.onBegin(progress);
  const unpacker = new Unpacker(folder);
  const fetched = new Map<Part, Fetched>();
  const missing: Part[] = [];
  for (const part of parts) {
    progress.note = `looking for the files of ${part.name}`;
    const inside = filesOf(part, files);
    if (inside.length > 0 && (await areInPlace(inside, folder, signal))) {
      progress.onFound(part.size);
      fetched.set(part, { path: part.name, size: part.size, sha256: part.sha256, state: 'there' });
      folder.discard(part.name);
    } else missing.push(part);
  }
  progress.note = null;
  await assertRoom(folder.root, roomToUnpack(missing, files, jobs));
  await inParallel(missing, jobs, signal, async (part, stop) => {
    const unpack: UnpackJob = { client, folder, unpacker, progress, stop, keep: job.keep === true };
    await fetchAndUnpack(part, unpack, filesOf(part, files));
    fetched.set(part, { path: part.name, size: part.size, sha256: part.sha256, state: 'unpacked' });
  });
  unpacker.finish();
  return parts.flatMap((part) => fetched.get(part) ?? []);
}

/** How to fetch and unpack one tar. */
export interface UnpackJob {
  client: DownloadClient;
  /** Where the tar is kept, and unfinished downloads. */
  folder: Folder;
  unpacker: Unpacker;
  progress: FetchProgress;
  /** Aborts the fetch; its reason is thrown. */
  stop: AbortSignal;
  keep: boolean;
}

/**
 * Fetches a tar, checks it and unpacks it; the tar is removed unless `keep` is set.
 * @param files what the tar must contain; unknown for raw data
 * @throws ArchiveClientError; the reason of `stop`
 */
export async function fetchAndUnpack(
  part: Part,
  { client, folder, unpacker, progress, stop, keep }: UnpackJob,
  files?: readonly MemberFile[],
): Promise<void> {
  let check = new TarCheck();
  const tap = (): ((chunk: Uint8Array) => void) => {
    check = new TarCheck();
    return (chunk) => check.write(chunk);
  };
  const tar = keep ? folder.fileAt(part.name) : folder.stagingPath(part.name);
  const place = { target: tar, partial: folder.stagingPath(`${part.name}.partial`) };
  await fetchFile(client, { ...part, path: part.name }, place, progress, stop, tap);
  check.end(part.name);
  if (files !== undefined) check.assertContains(part.name, files);
  await assertRoom(folder.root, check.unpackedBytes);
  let unpacked = 0;
  await unpacker.unpack(tar, stop, () => (progress.note = `${(unpacked += 1)} files of ${part.name} unpacked`));
  progress.note = null;
  if (!keep) await rm(tar);
}

/** Returns true when every file is in place with the catalogue's size and SHA-256. */
async function areInPlace(files: readonly MemberFile[], folder: Folder, signal: AbortSignal): Promise<boolean> {
  let all = true;
  for (const file of files) {
    // All are checked, even when one is missing: a file in the way is reported before anything is fetched.
    if (!(await isInPlace(folder.pathOf(file.path), file, signal))) all = false;
  }
  return all;
}

/** Returns the bytes of the largest tars that are on the disk at one time, and of all files in the parts. */
function roomToUnpack(parts: readonly Part[], files: readonly MemberFile[], jobs: number): number {
  const largest = parts.toSorted((a, b) => b.size - a.size).slice(0, jobs);
  const inside = parts.flatMap((part) => filesOf(part, files));
  return sum(largest) + sum(inside);
}

function filesOf({ name }: Part, files: readonly MemberFile[]): MemberFile[] {
  return files.filter(({ part }) => part === name);
}

function sum(sized: readonly { size: number }[]): number {
  return sized.reduce((bytes, { size }) => bytes + size, 0);
}
