import { toFileForm } from '@almagest/ous';
import { classifyScript, isOfImagingRecipe } from '../naming/file-names';
import type { Role } from '../naming/role';
import type { PiBehaviour } from './pi-behaviour';

/** What scriptForPI finds when it runs (§5.1): a tree on disk, or a planned one. */
export interface PiTree {
  /** How the version of scriptForPI in the delivery behaves. */
  behaviour: PiBehaviour;
  /** Names of the files in `script/`; null when the directory does not exist. */
  scripts: readonly string[] | null;
  /** Names of the directories and files in `raw/`; null when the directory does not exist. */
  raw: readonly string[] | null;
  /** Execution blocks named by the PPR, in file form (`uid___A002_X1_Xb1`); null without a PPR. */
  pprBlocks: readonly string[] | null;
  /** True when the directory `calibrated/` exists. */
  hasCalibrated: boolean;
  /** Free disk space in bytes. */
  freeBytes: number;
  /** Disk space in bytes that scriptForPI requires (`diskNeed`); null at SPACESAVING -1, which requires none. */
  needBytes: number | null;
}

/** What scriptForPI checks, in its order. */
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

/** A problem that scriptForPI would report, found before it runs. */
export interface PiFinding {
  code: PiCheckCode;
  /** `stop`: scriptForPI would stop; `warn`: it would continue with fewer execution blocks. */
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
 * Runs the checks of scriptForPI, in its order, and returns all problems, not only the first. An empty list means that
 * scriptForPI would start to calibrate. The CASA version is not checked: each calibration script checks its own.
 */
export function runPiChecks(tree: PiTree): PiFinding[] {
  return [...scriptChecks(tree), ...rawDirectory(tree), ...disk(tree), ...asdms(tree), ...calibrated(tree)];
}

function* scriptChecks({ scripts, pprBlocks, behaviour }: PiTree): Generator<PiFinding> {
  if (scripts === null) {
    yield stop('script-directory', 'the directory script/ does not exist', 'unpack the products first');
    return;
  }
  const named = (role: Role): string[] => scripts.filter((name) => roleOf(name) === role);
  if (named('scriptForPI').length === 0) {
    yield stop('script-for-pi', 'script/ has no scriptForPI.py', 'contact the observatory: the delivery is incomplete');
  }
  for (const role of AT_MOST_ONE) {
    // Each recipe of the Pipeline has a pipescript of its own.
    const found = named(role).filter((name) => behaviour.countsImagingRecipes || !isOfImagingRecipe(name));
    if (found.length > 1) {
      yield stop(
        'one-of-each',
        `script/ has more than one script of a kind: ${found.join(', ')}`,
        'keep only one of them',
      );
    }
  }
  const calibrates = named('scriptForCalibration').length > 0 || named('piperestorescript').length > 0;
  if (calibrates || (pprBlocks !== null && named('pipescript').length > 0)) return;
  yield stop(
    'calibration-script',
    'script/ has neither a scriptForCalibration nor a casa_piperestorescript.py',
    'contact the observatory: the delivery cannot be calibrated',
  );
}

function* rawDirectory({ raw }: PiTree): Generator<PiFinding> {
  if (raw !== null) return;
  yield stop(
    'raw-directory',
    'there is no directory raw/ next to script/',
    'fetch the raw data and unpack them (§5.1)',
  );
}

function* disk({ freeBytes, needBytes }: PiTree): Generator<PiFinding> {
  if (needBytes === null || freeBytes >= needBytes) return;
  yield stop(
    'disk',
    `scriptForPI requires ${gigabytes(needBytes)} of free disk space, only ${gigabytes(freeBytes)} are free (§5.3)`,
    'free some space, choose another directory, or use a higher SPACESAVING',
  );
}

function* asdms(tree: PiTree): Generator<PiFinding> {
  if (tree.raw === null) return;
  const there = tree.raw.flatMap((name) => ASDM.exec(name)?.[1] ?? []);
  if (there.length === 0) {
    yield stop('asdms', 'raw/ contains no uid*.asdm.sdm', 'fetch the raw data and unpack them at the top level (§5.1)');
    return;
  }
  const wanted = wantedBlocks(tree);
  if (wanted === null) return;
  const missing = wanted.filter((block) => !there.includes(block));
  const extra = there.filter((block) => !wanted.includes(block));
  const tolerant = tree.behaviour.skipsMissingAsdms && missing.length < wanted.length;
  const severity = tolerant ? 'warn' : 'stop';
  if (missing.length > 0) {
    yield {
      code: 'asdm-set',
      severity,
      message: `raw/ does not contain ${missing.join(', ')}`,
      remedy: 'fetch the missing raw data too',
    };
  }
  if (extra.length > 0) {
    const message = `raw/ contains data that no script calibrates: ${extra.join(', ')}`;
    yield { code: 'asdm-set', severity, message, remedy: 'move them out of raw/' };
  }
}

function* calibrated({ hasCalibrated }: PiTree): Generator<PiFinding> {
  if (hasCalibrated) yield stop('calibrated', 'the directory calibrated/ already exists', 'move or delete it');
}

/** Returns the execution blocks that the calibration scripts and the PPR name; null when they name none. */
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
