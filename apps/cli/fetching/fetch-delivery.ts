import { rm } from 'node:fs/promises';
import type { Delivery, MemberFile } from '@almagest/contracts';
import type { ArchiveClient } from '../archive/archive-client';
import { mustHaveRoom } from '../files/disk';
import { type Folder, stepsOf, unsafe } from '../unpacking/folder';
import { TarCheck } from '../unpacking/tar-check';
import { Unpacker } from '../unpacking/unpacker';
import { fetchFile, isThere, missingBytes, placeOf, type WantedFile } from './fetch-file';
import { inParallel } from './in-parallel';
import { Tally } from './tally';

type Part = Delivery['partList'][number];

/** A part or file, and what became of it. */
export interface Fetched {
  path: string;
  size: number;
  sha256: string;
  state: 'fetched' | 'there' | 'unpacked';
}

/** What a fetch works with. */
export interface FetchJob {
  client: ArchiveClient;
  folder: Folder;
  /** Parts or files at a time. */
  jobs: number;
  signal: AbortSignal;
  /** Tars that are unpacked stay in the folder too. */
  keep?: boolean;
  /** Hears of the tally before the first byte is moved. */
  onBegin(tally: Tally): void;
}

/**
 * Fetches parts, or files out of parts, into a folder.
 * @throws CliError; the reason of the job's signal
 */
export async function fetchFiles(files: readonly WantedFile[], job: FetchJob): Promise<Fetched[]> {
  const { client, folder, jobs, signal } = job;
  const tally = new Tally(sum(files));
  job.onBegin(tally);
  const placed = files.map((file) => ({ file, place: placeOf(folder, file) }));
  let missing = 0;
  for (const { file, place } of placed) missing += await missingBytes(file, place);
  await mustHaveRoom(folder.root, missing);
  const fetched = new Map<WantedFile, Fetched>();
  await inParallel(placed, jobs, signal, async ({ file, place }, stop) => {
    const state = await fetchFile(client, file, place, tally, stop);
    fetched.set(file, { path: place.target, size: file.size, sha256: file.sha256, state });
  });
  return files.flatMap((file) => fetched.get(file) ?? []);
}

/**
 * Fetches parts and unpacks them. A part is unpacked once all of it is on the disk, has the SHA-256 of the catalogue and
 * was looked through; its tar is removed then. A part whose files are all there, with the digests of the catalogue, is
 * not fetched again.
 * @param files all files inside these parts
 * @throws CliError; the reason of the job's signal
 */
export async function fetchUnpacked(
  parts: readonly Part[],
  files: readonly MemberFile[],
  job: FetchJob,
): Promise<Fetched[]> {
  const { client, folder, jobs, signal } = job;
  for (const { path } of files) stepsOf(path);
  for (const { name } of parts) if (stepsOf(name).length !== 1) throw unsafe(name, 'is no name of a part');
  const tally = new Tally(sum(parts));
  job.onBegin(tally);
  const unpacker = new Unpacker(folder);
  const fetched = new Map<Part, Fetched>();
  const missing: Part[] = [];
  for (const part of parts) {
    tally.note(`looking for the files of ${part.name}`);
    const isWhole = await areThere(filesOf(part, files), folder, signal);
    if (isWhole) {
      tally.onFound(part.size);
      fetched.set(part, { path: part.name, size: part.size, sha256: part.sha256, state: 'there' });
      folder.discard(part.name);
    } else missing.push(part);
  }
  tally.note(null);
  await mustHaveRoom(folder.root, roomToUnpack(missing, files, jobs));
  await inParallel(missing, jobs, signal, async (part, stop) => {
    await fetchAndUnpack(part, { client, folder, unpacker, tally, stop, keep: job.keep === true });
    fetched.set(part, { path: part.name, size: part.size, sha256: part.sha256, state: 'unpacked' });
  });
  unpacker.finish();
  return parts.flatMap((part) => fetched.get(part) ?? []);
}

/** What a part is fetched and unpacked with. */
export interface PartWork {
  client: ArchiveClient;
  folder: Folder;
  unpacker: Unpacker;
  tally: Tally;
  stop: AbortSignal;
  keep: boolean;
}

/**
 * Fetches a tar, looks through it and unpacks it; the tar is removed unless it is to be kept.
 * @throws CliError; the reason of `stop`
 */
export async function fetchAndUnpack(
  part: Part,
  { client, folder, unpacker, tally, stop, keep }: PartWork,
): Promise<void> {
  let check = new TarCheck();
  const tap = (): ((chunk: Uint8Array) => void) => {
    check = new TarCheck();
    return (chunk) => check.write(chunk);
  };
  const tar = keep ? folder.fileAt(part.name) : folder.workshop(part.name);
  const place = { target: tar, partial: folder.workshop(`${part.name}.partial`) };
  await fetchFile(client, { ...part, path: part.name }, place, tally, stop, tap);
  check.end(part.name);
  let unpacked = 0;
  await unpacker.unpack(tar, stop, () => tally.note(`${(unpacked += 1)} files of ${part.name} unpacked`));
  tally.note(null);
  if (!keep) await rm(tar);
}

/** True when every file is on the disk as the catalogue has it. */
async function areThere(files: readonly MemberFile[], folder: Folder, signal: AbortSignal): Promise<boolean> {
  let all = true;
  for (const file of files) {
    // All are looked at, even when one is missing: whatever is in the way is told before anything is fetched.
    if (!(await isThere(folder.wouldBeAt(file.path), file, signal))) all = false;
  }
  return all;
}

/** The tars that may be on the disk at one time, and all of their files. */
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
