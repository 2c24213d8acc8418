import { toFileForm } from '@almagest/ous';
import { classifyScript } from '../naming/script-names';
import type { Role } from '../naming/role';
import type { ProfileName } from '../profile/profile';

/** What scriptForPI will find when it is run (§5.1): a tree on a disk, or one that is planned. */
export interface PiTree {
  profile: ProfileName;
  /** Files of `script/`, by name; null when there is no such directory, which then cannot be worked in. */
  scripts: readonly string[] | null;
  /** Directories and files of `raw/`, by name; null when there is no such directory. */
  raw: readonly string[] | null;
  /** Execution blocks that the PPR names, in file form (`uid___A002_X1_Xb1`); null without a PPR. */
  pprBlocks: readonly string[] | null;
  hasCalibrated: boolean;
  /** Bytes that may be written. */
  freeBytes: number;
  /** Bytes that are asked for, by `diskNeed`; null at SPACESAVING -1, where nothing is. */
  needBytes: number | null;
}

/** What scriptForPI checks, by the order in which it does. */
export type PiCheckCode =
  | 'script-directory'
  | 'script-for-pi'
  | 'one-of-each'
  | 'calibration-script'
  | 'raw-directory'
  | 'disk'
  | 'asdms'
  | 'asdm-set'
  | 'calibrated';

/** Something scriptForPI will say, said before. */
export interface PiFinding {
  code: PiCheckCode;
  /** `stop`: it will end there; `warn`: it will go on with less. */
  severity: 'stop' | 'warn';
  message: string;
  /** What to do about it. */
  remedy: string;
}

const AT_MOST_ONE: readonly Role[] = [
  'piperestorescript',
  'pipescript',
  'scriptForFluxCalibration',
  'scriptForImagingPrep',
];

const ASDM = /^(uid.*)\.asdm\.sdm$/;

/**
 * Everything scriptForPI checks, in its order: all that would stop it, not only the first. An empty list means that it
 * will begin to calibrate. The CASA version is not among it: the calibration scripts themselves ask for theirs.
 */
export function checkForPi(tree: PiTree): PiFinding[] {
  return [...scriptChecks(tree), ...rawDirectory(tree), ...disk(tree), ...asdms(tree), ...calibrated(tree)];
}

/** True when a script is there that combines the execution blocks: it takes three times the data more (§5.3). */
export function hasCombiningScript(scripts: readonly string[]): boolean {
  const combining: readonly Role[] = ['scriptForFluxCalibration', 'scriptForImagingPrep', 'scriptForPolarization'];
  return scripts.some((name) => combining.includes(roleOf(name)));
}

function* scriptChecks({ scripts, pprBlocks }: PiTree): Generator<PiFinding> {
  if (scripts === null) {
    yield stop('script-directory', 'there is no directory script/ to work in', 'unpack the products first');
    return;
  }
  const named = (role: Role): string[] => scripts.filter((name) => roleOf(name) === role);
  if (named('scriptForPI').length === 0) {
    yield stop('script-for-pi', 'script/ has no scriptForPI.py', 'ask the observatory: the delivery is not whole');
  }
  for (const role of AT_MOST_ONE) {
    const found = named(role);
    if (found.length > 1) {
      yield stop('one-of-each', `script/ has more than one of a kind: ${found.join(', ')}`, 'move all but one away');
    }
  }
  const calibrates = named('scriptForCalibration').length > 0 || named('piperestorescript').length > 0;
  if (calibrates || (pprBlocks !== null && named('pipescript').length > 0)) return;
  yield stop(
    'calibration-script',
    'script/ has neither a scriptForCalibration nor a casa_piperestorescript.py',
    'ask the observatory: the delivery cannot be calibrated',
  );
}

function* rawDirectory({ raw }: PiTree): Generator<PiFinding> {
  if (raw !== null) return;
  yield stop('raw-directory', 'there is no directory raw/ beside script/', 'fetch the raw data and unpack them (§5.1)');
}

function* disk({ freeBytes, needBytes }: PiTree): Generator<PiFinding> {
  if (needBytes === null || freeBytes >= needBytes) return;
  yield stop(
    'disk',
    `${gigabytes(needBytes)} of free disk space are asked for, ${gigabytes(freeBytes)} are free (§5.3)`,
    'make room, choose another folder, or a higher SPACESAVING',
  );
}

function* asdms(tree: PiTree): Generator<PiFinding> {
  if (tree.raw === null) return;
  const there = tree.raw.flatMap((name) => ASDM.exec(name)?.[1] ?? []);
  if (there.length === 0) {
    yield stop('asdms', 'raw/ holds no uid*.asdm.sdm', 'fetch the raw data and unpack them at the top level (§5.1)');
    return;
  }
  const wanted = wantedBlocks(tree);
  if (wanted === null) return;
  const missing = wanted.filter((block) => !there.includes(block));
  const extra = there.filter((block) => !wanted.includes(block));
  // Until 2014 any difference ended the script; from 2015 on it calibrates what it has of what is wanted.
  const tolerant = tree.profile !== 'cycle-2' && missing.length < wanted.length;
  const severity = tolerant ? 'warn' : 'stop';
  if (missing.length > 0) {
    yield { code: 'asdm-set', severity, message: `raw/ lacks ${missing.join(', ')}`, remedy: 'fetch them too' };
  }
  if (extra.length > 0) {
    const message = `raw/ holds what no script calibrates: ${extra.join(', ')}`;
    yield { code: 'asdm-set', severity, message, remedy: 'move it out of raw/' };
  }
}

function* calibrated({ hasCalibrated }: PiTree): Generator<PiFinding> {
  if (hasCalibrated) yield stop('calibrated', 'there is a directory calibrated/ already', 'move it away or delete it');
}

/** The execution blocks that calibration scripts and the PPR speak of; null when neither names any. */
function wantedBlocks({ scripts, pprBlocks }: PiTree): string[] | null {
  const ofScripts = (scripts ?? []).flatMap((name) => {
    const { role, executionBlock } = classifyScript([name]);
    return role === 'scriptForCalibration' && executionBlock !== null ? [toFileForm(executionBlock)] : [];
  });
  const wanted = [...new Set([...ofScripts, ...(pprBlocks ?? [])])];
  return wanted.length === 0 ? null : wanted;
}

function roleOf(name: string): Role {
  return classifyScript([name]).role;
}

function stop(code: PiCheckCode, message: string, remedy: string): PiFinding {
  return { code, severity: 'stop', message, remedy };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
