import { rm } from 'node:fs/promises';
import type { Delivery, MemberFile } from '@almagest/contracts';
import { isLitter } from '@almagest/delivery';
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

/** The parts of a delivery whose files are all in place, with the catalogue's SHA-256, and those that must be fetched. */
export interface FoundParts {
  there: readonly Part[];
  missing: readonly Part[];
}

/**
 * Looks for the files of parts in a folder, which need not exist, and changes nothing.
 * @param files all files inside these parts
 * @param onPart called with the name of each part before its files are read
 * @throws ArchiveClientError `archive-client.file-in-the-way`, `archive-client.unsafe-archive`,
 *   `archive-client.cannot-read`; the reason of `signal`
 */
export async function findUnpacked(
  parts: readonly Part[],
  files: readonly MemberFile[],
  folder: Folder,
  signal: AbortSignal,
  onPart: (name: string) => void,
): Promise<FoundParts> {
  for (const { path } of files) stepsOf(path);
  for (const { name } of parts) if (stepsOf(name).length !== 1) throw unsafeName(name, 'is not the name of a part');
  const there: Part[] = [];
  const missing: Part[] = [];
  for (const part of parts) {
    onPart(part.name);
    const inside = filesOf(part, files);
    const isThere = inside.length > 0 && (await areInPlace(inside, folder, signal));
    (isThere ? there : missing).push(part);
  }
  return { there, missing };
}

/**
 * Fetches parts and unpacks them, as `fetchMissing` does; a part whose files are all in place is not fetched again.
 * @param files all files inside these parts
 * @throws ArchiveClientError; the reason of the job's signal
 */
export async function fetchUnpacked(
  parts: readonly Part[],
  files: readonly MemberFile[],
  job: FetchJob,
): Promise<Fetched[]> {
  const progress = new FetchProgress(sum(parts));
  job.onBegin(progress);
  const onPart = (name: string): void => void (progress.note = `looking for the files of ${name}`);
  const found = await findUnpacked(parts, files, job.folder, job.signal, onPart);
  progress.note = null;
  const fetched = await fetchMissing(found, files, job, progress);
  return parts.flatMap(({ name }) => fetched.find(({ path }) => path === name) ?? []);
}

/**
 * Fetches the missing parts and unpacks them. A part is unpacked once all of it is on the disk, has the catalogue's
 * SHA-256 and has passed a TarCheck, which also compares its content with `files`; then its tar is removed.
 * @param files all files inside the parts
 * @throws ArchiveClientError; the reason of the job's signal
 */
export async function fetchMissing(
  { there, missing }: FoundParts,
  files: readonly MemberFile[],
  { client, folder, jobs, signal, keep }: Omit<FetchJob, 'onBegin'>,
  progress: FetchProgress,
): Promise<Fetched[]> {
  const fetched: Fetched[] = [];
  const note = ({ name, size, sha256 }: Part, state: Fetched['state']): void =>
    void fetched.push({ path: name, size, sha256, state });
  for (const part of there) {
    progress.onFound(part.size);
    note(part, 'there');
    folder.discard(part.name);
  }
  const unpacker = new Unpacker(folder);
  await assertRoom(folder.root, roomToUnpack(missing, files, jobs));
  await inParallel(missing, jobs, signal, async (part, stop) => {
    const unpack: UnpackJob = { client, folder, unpacker, progress, stop, keep: keep === true };
    await fetchAndUnpack(part, unpack, filesOf(part, files));
    note(part, 'unpacked');
  });
  unpacker.finish();
  return fetched;
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
export function roomToUnpack(parts: readonly Part[], files: readonly MemberFile[], jobs: number): number {
  const largest = parts.toSorted((a, b) => b.size - a.size).slice(0, jobs);
  const inside = parts.flatMap((part) => filesOf(part, files));
  return sum(largest) + sum(inside);
}

/** Returns the files that a part is unpacked into. An archive that catalogued litter lists that, too. */
function filesOf({ name }: Part, files: readonly MemberFile[]): MemberFile[] {
  return files.filter(({ part, path }) => part === name && !isLitter(stepsOf(path)));
}

function sum(sized: readonly { size: number }[]): number {
  return sized.reduce((bytes, { size }) => bytes + size, 0);
}
