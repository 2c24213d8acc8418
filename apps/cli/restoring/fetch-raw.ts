import { readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type ArchiveClient,
  assertRoom,
  fetchAndUnpack,
  FetchProgress,
  Folder,
  makeDirectory,
  stepsOf,
  unsafeName,
  Unpacker,
  unwritable,
} from '@almagest/archive-client';
import type { RawRequestStatus } from '@almagest/contracts';
import type { AddressOptions } from '../archive/archive-address';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { followRawRequest } from '../fetching/follow-raw-request';
import { progressLine } from '../views/fetched.view';
import { roomForRaw } from './check-start';
import { type AsdmOf, directoryOf, missingAsdms, type RestorePlan } from './restore-plan';

/**
 * Requests the missing ASDMs, fetches them once they are staged, and moves each to its place in `raw/` with one rename,
 * so that an ASDM in `raw/` is complete. A repeated call fetches only what is missing.
 * @throws CliError, ArchiveClientError; the reason of the context's interruption
 */
export async function fetchRaw(
  context: CliContext,
  client: ArchiveClient,
  plan: RestorePlan,
  folder: Folder,
  options: AddressOptions & { keep?: boolean },
): Promise<void> {
  const missing = await missingAsdms(plan);
  for (const { unpacksTo } of plan.asdms) folder.discard(basename(unpacksTo));
  if (missing.length === 0) return;
  const requests: RawRequestStatus[] = [];
  for (const ous of new Set(missing.map((asdm) => asdm.ous))) {
    const asdms = missing.flatMap((asdm) => (asdm.ous === ous ? [asdm.uid] : []));
    requests.push(await client.requestRaw({ ous, asdms }));
  }
  const staged: RawRequestStatus['asdms'] = [];
  for (const asked of requests) staged.push(...(await followRawRequest(context, client, asked, options)).asdms);
  await assertRoom(folder.root, roomForRaw(missing));
  const progress = new FetchProgress(missing.reduce((sum, { size }) => sum + size, 0));
  context.terminal.working(() => `fetching raw data: ${progressLine(progress)}`);
  const work: RawWork = { client, plan, folder, progress, keep: options.keep === true };
  for (const asdm of missing) await putInPlace(asdm, stagedTar(asdm, staged), work, context);
  context.terminal.working(null);
}

type Tar = { name: string; size: number; sha256: string; url: string };

function stagedTar({ uid }: AsdmOf, asdms: RawRequestStatus['asdms']): Tar {
  const found = asdms.find((each) => each.uid === uid);
  if (found !== undefined && found.sha256 !== null && found.url !== null) {
    if (stepsOf(found.fileName).length !== 1) throw unsafeName(found.fileName, 'is not a file name');
    return { name: found.fileName, size: found.size, sha256: found.sha256, url: found.url };
  }
  const why = found?.error?.message ?? (found === undefined ? 'it was not staged' : `it is ${found.state}`);
  throw new CliError('cli.cannot-restore', `the raw data of ${uid} are not available: ${why}`, {
    hints: ['run the same command again once the observatory has fixed this: it resumes'],
  });
}

interface RawWork {
  client: ArchiveClient;
  plan: RestorePlan;
  folder: Folder;
  progress: FetchProgress;
  keep: boolean;
}

async function putInPlace(
  { unpacksTo }: AsdmOf,
  tar: Tar,
  { client, plan, folder, progress, keep }: RawWork,
  { interruption }: CliContext,
): Promise<void> {
  const name = basename(unpacksTo);
  const staging = folder.stagingPath(name);
  // The tar is kept in or removed from the main folder; its content is unpacked into a folder of its own first.
  const unpacker = new Unpacker(await Folder.at(staging));
  await fetchAndUnpack(tar, { client, folder, unpacker, progress, stop: interruption.signal, keep });
  unpacker.finish();
  const unpacked = await directoryNamed(staging, name);
  const target = directoryOf(plan, 'raw', name);
  try {
    await makeDirectory(dirname(target));
    await rename(unpacked, target);
    folder.discard(name);
  } catch (cause) {
    throw unwritable(target, cause);
  }
}

/** Finds the ASDM in an unpacked tar, whose paths begin at the project's directory or at `raw/`. */
async function directoryNamed(staging: string, name: string): Promise<string> {
  const entries = await readdir(staging, { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => entry.isDirectory() && entry.name === name);
  if (found !== undefined) return join(found.parentPath, name);
  throw new CliError('cli.unsafe-archive', `a tar of raw data does not contain ${name}`);
}
