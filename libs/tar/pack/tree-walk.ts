import { isUtf8 } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { DEFAULT_TAR_LIMITS } from '../tar-format';
import { TarError } from '../tar.error';

/** One file or directory of a tree as found when its packing was planned. */
export interface TreeEntry {
  /** Name in the archive: starts with the project's directory, components separated by `/`, none at its end. */
  path: string;
  type: 'file' | 'directory';
  /** Bytes; 0 for a directory. */
  size: number;
  /** Permission bits, 0 to 0o7777. */
  mode: number;
  /** Last modification, in nanoseconds since 1970. The archive keeps whole seconds, rounded down. */
  mtimeNs: bigint;
}

/** Returns true for a file, link or directory that is not to be packed, by its name in the archive. */
export type LeaveOut = (path: string) => boolean;

/** A file or an empty directory, preceded by its parent directories from the project's directory down. */
export type TreeChain = readonly TreeEntry[];

/**
 * Yields every file and empty directory below `root`/`treeRoot` that is not left out, in the order of packing: in each directory the files
 * first and then the directories, both sorted by the bytes of their UTF-8 names. The directories above `treeRoot` get
 * its modification time, since their own changes with siblings that are not packed.
 * @throws TarError `tar.tree-unreadable`, `tar.tree-unsupported`, `tar.tree-changed`, `tar.path-too-deep`
 */
export async function* walkTree(
  root: string,
  treeRoot: string,
  leaveOut: LeaveOut = () => false,
): AsyncGenerator<TreeChain> {
  const parts = treeRoot.split('/');
  const chain: TreeEntry[] = [];
  for (let depth = 1; depth <= parts.length; depth++) {
    const path = parts.slice(0, depth).join('/');
    const entry = treeEntry(path, await attempt(path, () => stat(root, path), unreadableError));
    if (entry.type !== 'directory') throw unsupported(path, 'a directory', 'a file');
    chain.push(entry);
  }
  const mtimeNs = chain.at(-1)?.mtimeNs ?? 0n;
  yield* walkDirectory(
    root,
    treeRoot,
    chain.map((entry) => ({ ...entry, mtimeNs })),
    leaveOut,
  );
}

async function* walkDirectory(
  root: string,
  directory: string,
  chain: TreeChain,
  leaveOut: LeaveOut,
): AsyncGenerator<TreeChain> {
  const names = (await sortedNames(root, directory)).filter((name) => !leaveOut(`${directory}/${name}`));
  if (names.length === 0) yield chain;
  const directories: TreeEntry[] = [];
  for (const name of names) {
    const path = `${directory}/${name}`;
    const entry = treeEntry(path, await attempt(path, () => stat(root, path)));
    if (entry.type === 'file') yield [...chain, entry];
    else directories.push(entry);
  }
  for (const entry of directories) yield* walkDirectory(root, entry.path, [...chain, entry], leaveOut);
}

/** Reads the status of a file or directory; a link is not followed. */
export function stat(root: string, path: string): Promise<BigIntStats> {
  return lstat(join(root, path), { bigint: true });
}

async function sortedNames(root: string, directory: string): Promise<string[]> {
  const names = await attempt(directory, () => readdir(join(root, directory), { encoding: 'buffer' }));
  const invalid = names.find((name) => !isUtf8(name));
  if (invalid) throw unsupported(`${directory}/${invalid.toString('utf8')}`, 'a name in UTF-8', 'other bytes');
  return names.sort((a, b) => a.compare(b)).map((name) => name.toString('utf8'));
}

/**
 * Returns a file or directory as an entry of the plan.
 * @throws TarError `tar.tree-unsupported` for anything else, `tar.path-too-deep`
 */
function treeEntry(path: string, stats: BigIntStats): TreeEntry {
  const { maxPathDepth } = DEFAULT_TAR_LIMITS;
  const depth = path.split('/').length;
  if (depth > maxPathDepth) {
    throw new TarError('tar.path-too-deep', {
      path,
      expected: `a name of at most ${maxPathDepth} components`,
      found: `${depth} components`,
    });
  }
  const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : null;
  if (!type) throw unsupported(path, 'a file or directory', kindOf(stats));
  const size = type === 'file' ? Number(stats.size) : 0;
  return { path, type, size, mode: Number(stats.mode & 0o7777n), mtimeNs: stats.mtimeNs };
}

/** Describes the kind of a file system object. */
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

/** The path is missing, forbidden or of the wrong kind: permanent errors. Others (EIO, EMFILE, ESTALE) may pass. */
const PERMANENT = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EISDIR']);
/** A path that existed before is missing or has become something else. */
const CHANGED = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO']);

/** Returns the error for a tree, or a file of it, that cannot be read. */
export function unreadableError(path: string, cause: unknown): TarError {
  const code = errorCode(cause);
  return new TarError('tar.tree-unreadable', {
    path,
    expected: 'a readable file or directory',
    found: describe(code),
    retryable: !PERMANENT.has(code),
    cause,
  });
}

/** Returns the error for a file or directory that is no longer as planned. */
export function changedError(path: string, expected: string, found: string, cause?: unknown): TarError {
  return new TarError('tar.tree-changed', { path, expected, found, retryable: true, cause });
}

/**
 * Runs a file system call on `path`.
 * @throws TarError `tar.tree-changed` when a path that existed before is missing or of another kind,
 *   `tar.tree-unreadable` otherwise; or what `toError` returns
 */
export async function attempt<T>(path: string, call: () => Promise<T>, toError = changedOrUnreadable): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toError(path, error);
  }
}

/** Returns the error for a failed call on a file or directory that existed before. */
function changedOrUnreadable(path: string, cause: unknown): TarError {
  const code = errorCode(cause);
  return CHANGED.has(code)
    ? changedError(path, 'the file or directory that was planned', describe(code), cause)
    : unreadableError(path, cause);
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}

/** Adds the system's message to an error code: `no such file or directory (ENOENT)`. */
function describe(code: string): string {
  const [, message] = [...getSystemErrorMap().values()].find(([name]) => name === code) ?? [];
  return message === undefined ? code : `${message} (${code})`;
}
