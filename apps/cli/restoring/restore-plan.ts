import { access, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { freeSpace } from '@almagest/archive-client';
import type { AsdmList, Delivery, DeliveryReport, MemberFile } from '@almagest/contracts';
import {
  checkForPi,
  diskNeed,
  hasCombiningScript,
  type PiFinding,
  type PiTree,
  type SpaceSaving,
} from '@almagest/delivery';
import { CliError } from '../cli.error';
import { splitPath } from '../views/delivery.view';

/** A MemberOUS that is to be calibrated anew, and where. */
export interface RestorePlan {
  delivery: Delivery;
  files: readonly MemberFile[];
  /** The raw data that are needed: those that were used (§3, item 7). */
  asdms: AsdmList['asdms'];
  /** The folder that gets the tree of §3, absolute. */
  into: string;
  /** The MemberOUS's directory below it. */
  root: string;
  spaceSaving: SpaceSaving;
  /** Bytes that scriptForPI asks for (§5.3). */
  needBytes: number;
  isPipeline: boolean;
  profile: DeliveryReport['profile']['name'];
  /** Execution blocks that the PPR names; null without a PPR. */
  pprBlocks: string[] | null;
}

/**
 * Works out what a restoration takes.
 * @throws CliError `cli.usage` for a delivery that is none of a MemberOUS, `cli.cannot-restore` without scriptForPI
 */
export function planRestore(
  delivery: Delivery,
  files: readonly MemberFile[],
  asdms: AsdmList['asdms'],
  report: DeliveryReport,
  { into, spaceSaving }: { into: string; spaceSaving: SpaceSaving },
): RestorePlan {
  if (delivery.level !== 'member') {
    throw new CliError('cli.usage', `${delivery.ous} is a GroupOUS: only the visibilities of a MemberOUS are restored`);
  }
  const script = files.find(({ role }) => role === 'scriptForPI');
  if (script === undefined) throw new CliError('cli.cannot-restore', 'the delivery has no scriptForPI.py');
  const used = asdms.filter(({ use }) => use === 'used');
  const scripts = scriptsIn(files);
  const need = diskNeed({
    productBytes: files.reduce((sum, { size }) => sum + size, 0),
    rawBytes: used.reduce((sum, { size }) => sum + size, 0),
    profile: report.profile.name,
    hasCombiningScript: hasCombiningScript(scripts),
  });
  const { ppr } = report.facts;
  return {
    ...{ delivery, files, asdms: used, into: resolve(into), root: splitPath(script.path).root, spaceSaving },
    needBytes: need.levels.find((level) => level.spaceSaving === spaceSaving)?.bytes ?? 0,
    isPipeline: delivery.mode === 'pipeline',
    profile: report.profile.name,
    pprBlocks:
      ppr === null ? null : ppr.executionBlocks.map((uid) => uid.replace(/^uid:\/\//, 'uid___').replaceAll('/', '_')),
  };
}

/** The directory of the MemberOUS, or of one of its items. */
export function directoryOf({ into, root }: RestorePlan, ...below: string[]): string {
  return join(into, root, ...below);
}

/** The ASDMs that are not in the tree yet. */
export async function missingAsdms(plan: RestorePlan): Promise<AsdmList['asdms']> {
  const there = (await namesIn(directoryOf(plan, 'raw'))) ?? [];
  return plan.asdms.filter(({ unpacksTo }) => !there.includes(basename(unpacksTo)));
}

/**
 * What scriptForPI will say once products and raw data are in their places: told before anything is fetched.
 * @param mayReplace true when `calibrated/` is what an earlier run left unfinished
 */
export async function checkPlanned(plan: RestorePlan, mayReplace: boolean): Promise<PiFinding[]> {
  const there = async (item: string): Promise<string[]> => (await namesIn(directoryOf(plan, item))) ?? [];
  const missing = await missingAsdms(plan);
  const hasProducts = await exists(directoryOf(plan, 'script', 'scriptForPI.py'));
  const products = hasProducts ? 0 : plan.files.reduce((sum, { size }) => sum + size, 0);
  const toFetch = products + missing.reduce((sum, { size }) => sum + size, 0);
  return checkForPi({
    ...common(plan),
    scripts: union(await there('script'), scriptsIn(plan.files)),
    raw: union(
      await there('raw'),
      plan.asdms.map(({ unpacksTo }) => basename(unpacksTo)),
    ),
    hasCalibrated: !mayReplace && (await exists(directoryOf(plan, 'calibrated'))),
    freeBytes: (await freeSpace(await nearestDirectory(plan.into))) - toFetch,
  });
}

/** What scriptForPI will say of the tree as it is on the disk. */
export async function checkOnDisk(plan: RestorePlan): Promise<PiFinding[]> {
  return checkForPi({
    ...common(plan),
    scripts: await namesIn(directoryOf(plan, 'script')),
    raw: await namesIn(directoryOf(plan, 'raw')),
    hasCalibrated: await exists(directoryOf(plan, 'calibrated')),
    freeBytes: await freeSpace(directoryOf(plan)),
  });
}

/** The calibrated MeasurementSets: `calibrated.ms`, or one for each execution block (§5.1, §5.2). */
export async function calibratedSets(plan: RestorePlan): Promise<string[]> {
  const names = (await namesIn(directoryOf(plan, 'calibrated'))) ?? [];
  const whole = names.filter((name) => name === 'calibrated.ms');
  return whole.length > 0 ? whole : names.filter((name) => name.endsWith('.ms.split.cal')).sort();
}

function common({ profile, pprBlocks, needBytes }: RestorePlan): Pick<PiTree, 'profile' | 'pprBlocks' | 'needBytes'> {
  return { profile, pprBlocks, needBytes };
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

async function nearestDirectory(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) if ((await exists(at)) || at === dirname(at)) return at;
}
