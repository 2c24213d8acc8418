import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** 2015-01-20 09:00:00.5 UTC; packing drops the fraction. */
export const TREE_MTIME = 1421744400.5;

/** Files by their path; a path that ends in a slash is an empty directory. */
export type TreeFiles = Record<string, string | Buffer>;

/** Creates files in a new temporary directory, all with the same mode and time, and returns the directory. */
export async function makeTree(files: TreeFiles): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'almagest-tar-'));
  for (const [path, content] of Object.entries(files)) await addFile(root, path, content);
  await setTimes(root, files);
  return root;
}

export async function removeTree(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
}

async function addFile(root: string, path: string, content: string | Buffer): Promise<void> {
  const target = join(root, path);
  await mkdir(path.endsWith('/') ? target : dirname(target), { recursive: true, mode: 0o755 });
  if (!path.endsWith('/')) await writeFile(target, content, { mode: 0o644 });
}

/** Called last, since adding a file changes the time of its directory. */
async function setTimes(root: string, files: TreeFiles): Promise<void> {
  const paths = new Set<string>();
  for (const file of Object.keys(files)) {
    const parts = file.replace(/\/$/, '').split('/');
    for (let depth = 1; depth <= parts.length; depth++) paths.add(parts.slice(0, depth).join('/'));
  }
  for (const path of paths) await utimes(join(root, path), TREE_MTIME, TREE_MTIME);
}
