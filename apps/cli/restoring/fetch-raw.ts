import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AsdmList, RawRequestStatus } from '@almagest/contracts';
import type { AddressOptions } from '../archive/archive-address';
import type { ArchiveClient } from '../archive/archive-client';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { fetchAndUnpack } from '../fetching/fetch-delivery';
import { Tally } from '../fetching/tally';
import { mustHaveRoom, unwritable } from '../files/disk';
import { followRawRequest } from '../raw/follow-raw-request';
import { Folder, stepsOf, unsafe } from '../unpacking/folder';
import { Unpacker } from '../unpacking/unpacker';
import { directoryOf, missingAsdms, type RestorePlan } from './restore-plan';

/**
 * Has the missing ASDMs staged, fetches them and puts each in its place in `raw/` in one step, so that one that is there
 * is whole. Run again it goes on with what is missing.
 * @throws CliError; the reason of the context's interruption
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
  const asked = await client.requestRaw({ ous: plan.delivery.ous, asdms: missing.map(({ uid }) => uid) });
  const staged = await followRawRequest(context, client, asked, options);
  const sizes = missing.map(({ size }) => size);
  await mustHaveRoom(folder.root, sizes.reduce((sum, size) => sum + size, 0) + Math.max(...sizes));
  const tally = new Tally(sizes.reduce((sum, size) => sum + size, 0));
  context.terminal.working(() => `fetching raw data: ${tally.toString()}`);
  for (const asdm of missing) {
    await putInPlace(
      asdm,
      stagedTar(asdm, staged),
      { client, plan, folder, tally, keep: options.keep === true },
      context,
    );
  }
  context.terminal.working(null);
}

type Tar = { name: string; size: number; sha256: string; url: string };

function stagedTar({ uid }: AsdmList['asdms'][number], { asdms }: RawRequestStatus): Tar {
  const found = asdms.find((each) => each.uid === uid);
  if (found !== undefined && found.sha256 !== null && found.url !== null) {
    if (stepsOf(found.fileName).length !== 1) throw unsafe(found.fileName, 'is no name of a file');
    return { name: found.fileName, size: found.size, sha256: found.sha256, url: found.url };
  }
  const why = found?.error?.message ?? `it is ${found?.state ?? 'not among what was staged'}`;
  throw new CliError('cli.cannot-restore', `the raw data of ${uid} cannot be had: ${why}`, {
    hints: ['once the observatory has mended it, the same command goes on'],
  });
}

interface RawWork {
  client: ArchiveClient;
  plan: RestorePlan;
  folder: Folder;
  tally: Tally;
  keep: boolean;
}

async function putInPlace(
  { unpacksTo }: AsdmList['asdms'][number],
  tar: Tar,
  { client, plan, folder, tally, keep }: RawWork,
  { interruption }: CliContext,
): Promise<void> {
  const name = basename(unpacksTo);
  const staging = folder.workshop(name);
  // The tar is kept or dropped by the folder itself; what is in it goes to a folder of its own first.
  const unpacker = new Unpacker(await Folder.at(staging));
  await fetchAndUnpack(tar, { client, folder, unpacker, tally, stop: interruption.signal, keep });
  unpacker.finish();
  const target = directoryOf(plan, 'raw', name);
  try {
    await mkdir(dirname(target), { recursive: true });
    await rename(await directoryNamed(staging, name), target);
    folder.discard(name);
  } catch (cause) {
    throw unwritable(target, cause);
  }
}

/** Tars of raw data begin at the project's directory, or at `raw/`. */
async function directoryNamed(staging: string, name: string): Promise<string> {
  const entries = await readdir(staging, { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => entry.isDirectory() && entry.name === name);
  if (found !== undefined) return join(found.parentPath, name);
  throw new CliError('cli.unsafe-archive', `a tar of raw data holds no ${name}`);
}
