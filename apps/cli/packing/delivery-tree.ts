import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isProjectCode, parseOusDirectory, type Uid } from '@almagest/ous';
import { CliError } from '../cli.error';
import { unreadable } from '../submission/read-file';

/** The unpacked tree of one delivery (§3). */
export interface DeliveryTree {
  project: string;
  ous: Uid;
  /** The parent of the project directory. */
  root: string;
  /** The directory of the delivery as named in the tar: from the project directory on, separated by `/`. */
  treeRoot: string;
}

/** Names that only the directory of a delivery contains (§3). */
const ITEM = /^(?:product|calibration|qa|script|log|raw)$|README/;

/**
 * Finds the one delivery in a tree, given the parent of the project directory, that directory, or one inside it.
 * @param ous uid of the delivery, if its directory has the placeholder of §3 instead of a uid
 * @throws CliError `cli.usage` when there is no delivery or more than one, or no uid; `cli.input-unreadable`
 */
export async function findDeliveryTree(path: string, ous: Uid | undefined): Promise<DeliveryTree> {
  // As it is without links: every file is checked to be at its own place.
  const given = await realpath(path).catch(() => resolve(path));
  const { top, project } = await projectAround(path, given);
  const found = await deliveriesBelow(given === dirname(project) ? project : given);
  const [only] = found;
  if (only === undefined) {
    throw new CliError('cli.usage', `there is no delivery in ${path}`, {
      hints: ['the directory of a delivery contains README, product/, script/ and others (§3)'],
    });
  }
  if (found.length > 1) {
    throw new CliError('cli.usage', `${path} contains more than one delivery: name the directory of one`, {
      hints: found.map((each) => join(path, relative(given, each))),
    });
  }
  const named = parseOusDirectory(basename(only))?.uid ?? null;
  return { project: basename(project), ous: uidOf(only, named, ous), root: top, treeRoot: relative(top, only) };
}

function uidOf(directory: string, named: Uid | null, given: Uid | undefined): Uid {
  if (named !== null && given !== undefined && named !== given) {
    throw new CliError('cli.usage', `--ous ${given} contradicts the directory name, which is that of ${named}`);
  }
  const ous = named ?? given;
  if (ous !== undefined) return ous;
  throw new CliError('cli.usage', `the directory name ${basename(directory)} contains no uid: give it with --ous UID`);
}

/** Finds the project directory: the given one, one above it, or the only one in it. */
async function projectAround(path: string, given: string): Promise<{ top: string; project: string }> {
  for (let at = given; ; at = dirname(at)) {
    if (isProjectCode(basename(at))) return { top: dirname(at), project: at };
    if (parseOusDirectory(basename(at)) === null || dirname(at) === at) break;
  }
  const projects = (await directoriesIn(given)).filter(isProjectCode);
  const [only] = projects;
  if (only !== undefined && projects.length === 1) return { top: given, project: join(given, only) };
  const hints =
    only === undefined
      ? ['expected the directory that contains 2013.1.09999.S/, or one inside it']
      : projects.map((project) => join(path, project));
  const what = only === undefined ? 'is not a delivery tree' : 'contains more than one project: name one';
  throw new CliError('cli.usage', `${path} ${what}`, { hints });
}

/** Directories at or below this one that contain items of §3. Searches directories of ObsUnitSets only. */
async function deliveriesBelow(directory: string): Promise<string[]> {
  const names = await namesIn(directory);
  const found = names.some((name) => ITEM.test(name)) ? [directory] : [];
  for (const name of await directoriesIn(directory)) {
    if (parseOusDirectory(name) !== null) found.push(...(await deliveriesBelow(join(directory, name))));
  }
  return found;
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((cause: unknown) => Promise.reject(unreadable(directory, cause)));
}

async function directoriesIn(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (cause) {
    throw unreadable(directory, cause);
  }
}
