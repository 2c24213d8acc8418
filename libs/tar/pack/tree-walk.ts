import { isUtf8 } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_TAR_LIMITS } from '../tar-limits';
import { TarError } from '../tar.error';
import type { TreeEntry } from './planned-entry';
import { failedAgainError, unreadableError } from './tree-error';

/** A file or an empty directory, with the directories above it in front, the project's first. */
export type TreeChain = readonly TreeEntry[];

/**
 * Finds every file and empty directory below `root`/`treeRoot`, in the order in which it is packed: in each directory
 * the files first and then the directories, both by the bytes of their UTF-8 names. The directories above `treeRoot`
 * are given its time, since their own changes with siblings that are not looked at.
 * @throws TarError `tar.tree-unreadable`, `tar.tree-unsupported`, `tar.tree-changed`, or a limit's
 */
export async function* walkTree(root: string, treeRoot: string): AsyncGenerator<TreeChain> {
  const parts = treeRoot.split('/');
  const chain: TreeEntry[] = [];
  for (let depth = 1; depth <= parts.length; depth++) {
    const path = parts.slice(0, depth).join('/');
    const entry = treeEntry(path, await statTreeRoot(root, path));
    if (entry.type !== 'directory') throw unsupported(path, 'a directory', 'a file');
    chain.push(entry);
  }
  const mtimeNs = chain.at(-1)?.mtimeNs ?? 0n;
  yield* walkDirectory(
    root,
    treeRoot,
    chain.map((entry) => ({ ...entry, mtimeNs })),
  );
}

async function* walkDirectory(root: string, directory: string, chain: TreeChain): AsyncGenerator<TreeChain> {
  const names = await sortedNames(root, directory);
  if (names.length === 0) yield chain;
  const directories: TreeEntry[] = [];
  for (const name of names) {
    const path = `${directory}/${name}`;
    const entry = treeEntry(path, await statAgain(root, path));
    if (entry.type === 'file') yield [...chain, entry];
    else directories.push(entry);
  }
  for (const entry of directories) yield* walkDirectory(root, entry.path, [...chain, entry]);
}

async function statTreeRoot(root: string, path: string): Promise<BigIntStats> {
  try {
    return await lstat(join(root, path), { bigint: true });
  } catch (error) {
    throw unreadableError(path, error);
  }
}

async function statAgain(root: string, path: string): Promise<BigIntStats> {
  try {
    return await lstat(join(root, path), { bigint: true });
  } catch (error) {
    throw failedAgainError(path, error);
  }
}

async function sortedNames(root: string, directory: string): Promise<string[]> {
  const names = await readNames(root, directory);
  const garbled = names.find((name) => !isUtf8(name));
  if (garbled) throw unsupported(`${directory}/${garbled.toString('utf8')}`, 'a name in UTF-8', 'other bytes');
  return names.sort((a, b) => a.compare(b)).map((name) => name.toString('utf8'));
}

async function readNames(root: string, directory: string): Promise<Buffer[]> {
  try {
    return await readdir(join(root, directory), { encoding: 'buffer' });
  } catch (error) {
    throw failedAgainError(directory, error);
  }
}

/**
 * A file or directory as an entry of the plan.
 * @throws TarError `tar.tree-unsupported` for anything else, `tar.path-too-deep`
 */
function treeEntry(path: string, stats: BigIntStats): TreeEntry {
  const { maxPathDepth } = DEFAULT_TAR_LIMITS;
  const depth = path.split('/').length;
  if (depth > maxPathDepth) {
    throw new TarError('tar.path-too-deep', { path, expected: `at most ${maxPathDepth} parts`, found: `${depth}` });
  }
  const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : null;
  if (!type) throw unsupported(path, 'a file or directory', kindOf(stats));
  const size = type === 'file' ? Number(stats.size) : 0;
  return { path, type, size, mode: Number(stats.mode & 0o7777n), mtimeNs: stats.mtimeNs };
}

/** What a file system object is, in words. */
export function kindOf(stats: BigIntStats): string {
  if (stats.isFile()) return 'a file';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function unsupported(path: string, expected: string, found: string): TarError {
  return new TarError('tar.tree-unsupported', { path, expected, found });
}
