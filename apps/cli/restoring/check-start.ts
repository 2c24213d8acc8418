import { basename, join } from 'node:path';
import { assertRoom, findUnpacked, Folder, type FoundParts, roomToUnpack } from '@almagest/archive-client';
import type { AsdmList, MemberFile } from '@almagest/contracts';
import type { PiFinding } from '@almagest/delivery';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import type { RestorePlan } from './restore-plan';
import { assertNotRunning } from './run-casa';

/** Parts of the products that are downloaded in parallel. */
export const JOBS = 4;

/** What is known before anything is fetched. */
export interface Before {
  findings: readonly PiFinding[];
  /** The ASDMs that are not in the tree yet. */
  missing: AsdmList['asdms'];
  /** The path of CASA's program; null when it is not on the search path. */
  casa: string | null;
  /** The file with the process id of CASA. */
  marker: string;
}

/** What a run needs that passed the checks. */
export interface CheckedStart {
  casa: string;
  found: FoundParts;
}

/**
 * Checks everything that would stop a run, gravest first, and changes nothing: both the run and its `--dry-run` begin with
 * it. The files that are on the disk are compared with the catalogue.
 * @throws CliError `cli.cannot-restore`, `cli.no-casa`; ArchiveClientError for a folder that cannot be written, lacks room
 *   or has other files in the way; the reason of the interruption
 */
export async function checkStart(
  { terminal, interruption }: CliContext,
  plan: RestorePlan,
  { findings, missing, casa, marker }: Before,
): Promise<CheckedStart> {
  assertNothingStops(findings);
  if (casa === null) {
    throw new CliError('cli.no-casa', 'CASA is not on the search path', {
      hints: ['add the directory of casa or casapy to PATH'],
    });
  }
  await assertNotRunning(marker);
  const folder = await Folder.planned(plan.into);
  const onPart = (name: string): void => terminal.working(() => `looking for the files of ${name}`);
  const found = await findUnpacked(plan.delivery.partList, plan.files, folder, interruption.signal, onPart);
  terminal.working(null);
  const parts = new Set(found.missing.map(({ name }) => name));
  const files = plan.files.filter(({ part }) => parts.has(part));
  await folder.assertCanHold(pathsToWrite(plan, files, missing, marker));
  await assertRoom(folder.root, roomFor(found, files, missing));
  return { casa, found };
}

/** @throws CliError `cli.cannot-restore` with everything that would stop scriptForPI */
export function assertNothingStops(findings: readonly PiFinding[]): void {
  const stops = findings.filter(({ severity }) => severity === 'stop');
  if (stops.length === 0) return;
  throw new CliError('cli.cannot-restore', 'scriptForPI would stop, so it was not started', {
    hints: stops.map(({ message, remedy }) => `${message}: ${remedy}`),
  });
}

/** Returns a path in each directory that the run writes to: the files of the missing parts, raw data, and what CASA leaves. */
function pathsToWrite(
  { root }: RestorePlan,
  files: readonly MemberFile[],
  asdms: AsdmList['asdms'],
  marker: string,
): string[] {
  return [
    ...files.map(({ path }) => path),
    ...asdms.map(({ unpacksTo }) => join(root, 'raw', basename(unpacksTo))),
    join(root, basename(marker)),
    join(root, 'script', 'casa.log'),
  ];
}

/** Returns the bytes that products and raw data need at most at one time, with the tars that they are unpacked from. */
function roomFor({ missing }: FoundParts, files: readonly MemberFile[], asdms: AsdmList['asdms']): number {
  const products = files.reduce((sum, { size }) => sum + size, 0);
  return Math.max(roomToUnpack(missing, files, JOBS), products + roomForRaw(asdms));
}

/** Returns the bytes of all ASDMs, and of the largest tar that one of them is unpacked from. */
export function roomForRaw(asdms: AsdmList['asdms']): number {
  const sizes = asdms.map(({ size }) => size);
  return sizes.reduce((sum, size) => sum + size, 0) + Math.max(0, ...sizes);
}
