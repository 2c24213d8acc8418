import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { isProjectCode, parseOusDirectory } from '@almagest/ous';
import { CliError } from '../cli.error';
import { unreadable } from '../submission/read-json-file';

/** One tar part on disk. */
export interface PartFile {
  path: string;
  name: string;
  size: number;
}

/** What is to be validated: the parts of one delivery, or its unpacked tree. */
export type DeliveryInput =
  | { kind: 'parts'; parts: readonly PartFile[] }
  /** `prefix`: where `directory` stands below the directory of the project's own; empty for that directory itself. */
  | { kind: 'tree'; directory: string; prefix: string };

/**
 * Finds out what the paths of a command line are.
 * @throws CliError `cli.usage` when they are no one delivery, `cli.input-unreadable`
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

/** A directory that holds the project's, is the project's, or lies within it. */
async function treeInput(path: string): Promise<DeliveryInput> {
  const directory = resolve(path);
  const names = await readdir(directory).catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
  if (names.some(isProjectCode)) return { kind: 'tree', directory, prefix: '' };
  const project = projectDirectoryAbove(directory);
  if (project !== null) return { kind: 'tree', directory, prefix: relative(dirname(project), directory) };
  const tars = names.filter((name) => name.endsWith('.tar'));
  const isFile = async (name: string): Promise<boolean> => (await lstat(resolve(directory, name))).isFile();
  if (tars[0] !== undefined && (await isFile(tars[0]))) {
    throw new CliError('cli.usage', `${path} is no delivery tree: it holds tar files`, {
      hints: ['give the parts of one delivery, such as', `almagest validate ${relative('.', directory)}/${tars[0]}`],
    });
  }
  return { kind: 'tree', directory, prefix: '' };
}

/** The nearest directory named by a project code with nothing but ObsUnitSets between it and the one given (§3). */
function projectDirectoryAbove(directory: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    const name = basename(at);
    if (isProjectCode(name)) return at;
    if (parseOusDirectory(name) === null || dirname(at) === at) return null;
  }
}
