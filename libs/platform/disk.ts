import { mkdir, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Returns the bytes that a user without privileges can still write below a directory.
 * @throws the system's error when the directory cannot be read
 */
export async function freeSpace(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/**
 * Creates a directory and its parents unless they exist. Node's recursive `mkdir` never returns below a directory in
 * which nothing can be created and that answers ENOENT, such as `/proc`.
 * @param mode permissions of the directories that are created
 * @throws the system's error when one cannot be created; ENOTDIR when a file is in the way
 */
export async function makeDirectory(path: string, mode = 0o777): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await exists(at)); at = dirname(at)) missing.unshift(at);
  for (const directory of missing) await makeOne(directory, mode);
  if (missing.length === 0) await assertDirectory(path);
}

async function makeOne(directory: string, mode: number): Promise<void> {
  try {
    await mkdir(directory, { mode });
  } catch (error) {
    // Another process has created it meanwhile.
    if (codeOf(error) !== 'EEXIST') throw error;
    await assertDirectory(directory);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function assertDirectory(path: string): Promise<void> {
  if ((await stat(path)).isDirectory()) return;
  throw Object.assign(new Error(`ENOTDIR: not a directory, ${path}`), { code: 'ENOTDIR', path });
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
