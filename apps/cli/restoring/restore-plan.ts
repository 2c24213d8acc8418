import { access, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { freeSpace } from '@almagest/archive-client';
import type { AsdmList, Delivery, DeliveryReport, MemberFile } from '@almagest/contracts';
import {
  type PiBehaviour,
  piBehaviourOf,
  runPiChecks,
  type PiFinding,
  type PiTree,
  type SpaceSaving,
} from '@almagest/delivery';
import type { Uid } from '@almagest/ous';
import { CliError } from '../cli.error';
import { splitPath } from '../views/delivery.view';

/** A raw dataset, and the MemberOUS that it is requested for: the delivery may serve several. */
export type AsdmOf = AsdmList['asdms'][number] & { ous: Uid };

/** How to restore the calibrated data of a MemberOUS, and where. */
export interface RestorePlan {
  delivery: Delivery;
  files: readonly MemberFile[];
  /** The raw data that were used in the imaging (§3, item 7). */
  asdms: AsdmOf[];
  /** The absolute path of the folder for the tree of §3. */
  into: string;
  /** The path of the MemberOUS's directory below `into`. */
  root: string;
  spaceSaving: SpaceSaving | -1;
  /** Bytes of disk space that scriptForPI requires (§5.3), as in the report; null when it requires none. */
  needBytes: number | null;
  isPipeline: boolean;
  behaviour: PiBehaviour;
  /** The CASA version that the README names; null when it names none. */
  casaVersion: string | null;
  /** The execution blocks in the PPR; null without a PPR. */
  pprBlocks: string[] | null;
}

/**
 * Works out what is needed to restore the calibrated data of a delivery.
 * @throws CliError `cli.usage` when the delivery is not of a MemberOUS, or its scriptForPI does not know SPACESAVING -1;
 *   `cli.cannot-restore` without scriptForPI
 */
export function planRestore(
  delivery: Delivery,
  files: readonly MemberFile[],
  asdms: AsdmOf[],
  report: DeliveryReport,
  { into, spaceSaving }: { into: string; spaceSaving: SpaceSaving | -1 },
): RestorePlan {
  if (delivery.level !== 'member') {
    throw new CliError('cli.usage', `${delivery.ous} is a GroupOUS: only a MemberOUS can be restored`);
  }
  const script = files.find(({ role }) => role === 'scriptForPI');
  if (script === undefined) throw new CliError('cli.cannot-restore', 'the delivery has no scriptForPI.py');
  const used = asdms.filter(({ use }) => use === 'used');
  const { ppr, disk, scriptForPi } = report.facts;
  const behaviour = piBehaviourOf(scriptForPi ?? null, report.profile.name);
  if (spaceSaving === -1 && !behaviour.mayIgnoreDisk) {
    throw new CliError('cli.usage', 'the scriptForPI of this delivery does not know SPACESAVING -1: use 0 to 3');
  }
  return {
    delivery,
    files,
    asdms: used,
    into: resolve(into),
    root: splitPath(script.path).root,
    spaceSaving,
    needBytes: disk?.levels.find((level) => level.spaceSaving === spaceSaving)?.bytes ?? null,
    isPipeline: delivery.mode === 'pipeline',
    behaviour,
    casaVersion: report.facts.readme?.casaVersion ?? null,
    pprBlocks:
      ppr === null ? null : ppr.executionBlocks.map((uid) => uid.replace(/^uid:\/\//, 'uid___').replaceAll('/', '_')),
  };
}

/** Returns the directory of the MemberOUS, or a path below it. */
export function directoryOf({ into, root }: RestorePlan, ...below: string[]): string {
  return join(into, root, ...below);
}

/** Returns the ASDMs that are not in the tree yet. */
export async function missingAsdms(plan: RestorePlan): Promise<AsdmOf[]> {
  const there = (await namesIn(directoryOf(plan, 'raw'))) ?? [];
  return plan.asdms.filter(({ unpacksTo }) => !there.includes(basename(unpacksTo)));
}

/**
 * Predicts what scriptForPI would report once products and raw data are in place, before anything is fetched.
 * @param mayReplace true when `calibrated/` was left unfinished by an earlier run
 */
export async function checkPlanned(plan: RestorePlan, mayReplace: boolean): Promise<PiFinding[]> {
  const there = async (item: string): Promise<string[]> => (await namesIn(directoryOf(plan, item))) ?? [];
  const missing = await missingAsdms(plan);
  const hasProducts = await exists(directoryOf(plan, 'script', 'scriptForPI.py'));
  const products = hasProducts ? 0 : plan.files.reduce((sum, { size }) => sum + size, 0);
  const toFetch = products + missing.reduce((sum, { size }) => sum + size, 0);
  return runPiChecks({
    ...common(plan),
    scripts: union(await there('script'), scriptsIn(plan.files)),
    raw: union(
      await there('raw'),
      plan.asdms.map(({ unpacksTo }) => basename(unpacksTo)),
    ),
    hasCalibrated: !mayReplace && (await exists(directoryOf(plan, 'calibrated'))),
    freeBytes: Math.max(0, (await freeSpace(plan.into)) - toFetch),
  });
}

/** Predicts what scriptForPI would report for the tree as it is on the disk. */
export async function checkOnDisk(plan: RestorePlan): Promise<PiFinding[]> {
  return runPiChecks({
    ...common(plan),
    scripts: await namesIn(directoryOf(plan, 'script')),
    raw: await namesIn(directoryOf(plan, 'raw')),
    hasCalibrated: await exists(directoryOf(plan, 'calibrated')),
    freeBytes: await freeSpace(directoryOf(plan)),
  });
}

/** Returns the calibrated MeasurementSets: `calibrated.ms`, or one for each execution block (§5.1, §5.2). */
export async function calibratedSets(plan: RestorePlan): Promise<string[]> {
  const names = (await namesIn(directoryOf(plan, 'calibrated'))) ?? [];
  const whole = names.filter((name) => name === 'calibrated.ms');
  return whole.length > 0 ? whole : names.filter((name) => name.endsWith('.ms.split.cal')).sort();
}

function common({
  behaviour,
  pprBlocks,
  needBytes,
}: RestorePlan): Pick<PiTree, 'behaviour' | 'pprBlocks' | 'needBytes'> {
  return { behaviour, pprBlocks, needBytes };
}

function scriptsIn(files: readonly MemberFile[]): string[] {
  return files.flatMap(({ path }) => /^script\/([^/]+)$/.exec(splitPath(path).below)?.[1] ?? []);
}

function union(some: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])];
}

async function namesIn(directory: string): Promise<string[] | null> {
  return readdir(directory).catch(() => null);
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
