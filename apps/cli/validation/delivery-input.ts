import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isProjectCode, parseOusDirectory } from '@almagest/ous';
import { suggestion } from '../archive/suggestion';
import { CliError } from '../cli.error';
import { unreadable } from '../submission/read-file';

/** One tar part on disk. */
export interface PartFile {
  path: string;
  name: string;
  size: number;
}

/** The delivery to validate: its parts, or its unpacked tree. */
export type DeliveryInput =
  | { kind: 'parts'; parts: readonly PartFile[] }
  /** `prefix`: path of `directory` from the parent of the project directory on; empty for that parent. */
  | { kind: 'tree'; directory: string; prefix: string };

/**
 * Interprets the paths of a command line as one delivery.
 * @throws CliError `cli.usage` when they are not exactly one delivery, `cli.input-unreadable`
 */
export async function deliveryInput(paths: readonly string[]): Promise<DeliveryInput> {
  const found: { path: string; size: number; isDirectory: boolean; dev: number; ino: number }[] = [];
  for (const path of paths) {
    const facts = await stat(path).catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
    const isDirectory = facts.isDirectory();
    if (!isDirectory && !facts.isFile()) {
      throw new CliError('cli.input-unreadable', `${path} is neither a file nor a directory`);
    }
    if (found.some(({ dev, ino }) => dev === facts.dev && ino === facts.ino)) {
      throw new CliError('cli.usage', `${path} is given twice`);
    }
    found.push({ path, size: facts.size, isDirectory, dev: facts.dev, ino: facts.ino });
  }
  const directory = found.find(({ isDirectory }) => isDirectory);
  if (directory === undefined) {
    return { kind: 'parts', parts: found.map(({ path, size }) => ({ path, size, name: basename(path) })) };
  }
  if (found.length > 1) {
    throw new CliError('cli.usage', 'give either the tar parts of one delivery or one directory', {
      hints: [`${directory.path} is a directory`],
    });
  }
  return treeInput(directory.path);
}

/** Interprets a directory: it contains the project directory, is the project directory, or is inside it. */
async function treeInput(path: string): Promise<DeliveryInput> {
  const directory = resolve(path);
  const names = await readdir(directory).catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
  if (names.some(isProjectCode)) return { kind: 'tree', directory, prefix: '' };
  const project = projectDirectoryAbove(directory);
  if (project !== null) return { kind: 'tree', directory, prefix: relative(dirname(project), directory) };
  const tars = names.filter((name) => name.endsWith('.tar'));
  const isFile = async (name: string): Promise<boolean> => (await lstat(resolve(directory, name))).isFile();
  if (tars[0] !== undefined && (await isFile(tars[0]))) {
    const example = suggestion(['validate', join(relative('.', directory), tars[0])], {});
    throw new CliError('cli.usage', `${path} is not a delivery tree: it contains tar files`, {
      hints: ['give the parts of one delivery, such as', example],
    });
  }
  return { kind: 'tree', directory, prefix: '' };
}

/** The nearest project directory above, with only directories of ObsUnitSets in between (§3). */
function projectDirectoryAbove(directory: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    const name = basename(at);
    if (isProjectCode(name)) return at;
    if (parseOusDirectory(name) === null || dirname(at) === at) return null;
  }
}
