import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { isKey, isSegment } from '../object-key';
import type { ObjectInfo } from '../object-store.port';
import { orNull } from './file-system';
import { infoOf } from './object-tree';

/** Names of one folder in memory at a time, about 20 MB. */
const MAX_NAMES = 50_000;
/** Files whose metadata is read at the same time. */
const STAT_BATCH = 64;

interface Name {
  /** Ends with `/` for a folder, because that is how its keys compare: `a.b`, then `a/b`, then `a0`. */
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * Lists the objects below a root whose keys have the prefix, in byte order of the keys. Keys are ASCII, so text compares
 * like bytes. Keeps at most `maxNames` names of each folder on the path in memory; reads a larger folder several times.
 */
export async function* listTree(root: string, prefix: string, maxNames = MAX_NAMES): AsyncGenerator<ObjectInfo> {
  yield* listFolder(root, '', prefix, maxNames);
}

async function* listFolder(path: string, above: string, prefix: string, maxNames: number): AsyncGenerator<ObjectInfo> {
  const wanted = prefix.slice(above.length);
  let names: Name[];
  let after = '';
  do {
    names = await nextNames(path, wanted, after, maxNames);
    for (let at = 0; at < names.length;) {
      const files = filesFrom(names, at);
      yield* await infos(path, above, files);
      at += files.length;
      const folder = names[at];
      if (folder?.isFolder !== true) continue;
      yield* listFolder(join(path, folder.name), above + folder.name, prefix, maxNames);
      at += 1;
    }
    after = names.at(-1)?.name ?? '';
  } while (names.length === maxNames);
}

/** Returns the next names of a folder in order, at most `limit`: those after `after` that can lead to wanted keys. */
async function nextNames(path: string, wanted: string, after: string, limit: number): Promise<Name[]> {
  const folder = await orNull(() => opendir(path, { bufferSize: 1024 }), 'ENOENT', 'ENOTDIR');
  const names: Name[] = [];
  for await (const entry of folder ?? []) {
    const isFolder = entry.isDirectory();
    if ((!isFolder && !entry.isFile()) || !isSegment(entry.name)) continue;
    const name = isFolder ? `${entry.name}/` : entry.name;
    if (name <= after || !(name.startsWith(wanted) || (isFolder && wanted.startsWith(name)))) continue;
    names.push({ name, isFolder });
    if (names.length >= 2 * limit) keepFirst(names, limit);
  }
  keepFirst(names, limit);
  return names;
}

function keepFirst(names: Name[], limit: number): void {
  names.sort((a, b) => (a.name < b.name ? -1 : 1));
  names.length = Math.min(names.length, limit);
}

function filesFrom(names: readonly Name[], start: number): readonly Name[] {
  let end = start;
  while (end < names.length && end - start < STAT_BATCH && names[end]?.isFolder === false) end += 1;
  return names.slice(start, end);
}

/** Returns the metadata of the files that still exist. */
async function infos(path: string, above: string, files: readonly Name[]): Promise<ObjectInfo[]> {
  const all = await Promise.all(
    files.map(async ({ name }) => {
      const stats = await orNull(() => lstat(join(path, name), { bigint: true }), 'ENOENT', 'ENOTDIR');
      return stats?.isFile() === true && isKey(above + name) ? infoOf(above + name, stats) : null;
    }),
  );
  return all.filter((info) => info !== null);
}
