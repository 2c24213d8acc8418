import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, realpath, rename, rmdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ObjectStoreError } from '../object-store.error';
import type { ObjectInfo } from '../object-store.port';
import { failedWith, FOLDER_MODE, orNull, syncFolder } from './file-system';

/** A concurrent delete can prune a folder just before the object is placed in it; then placing is tried again. */
const MAX_PLACE_ATTEMPTS = 10;

/**
 * The objects as the plain files `<root>/<key>`. Symbolic links are never followed, neither in place of a file nor among
 * its folders. (This does not stop someone who may write in the root and replaces a folder by a link between the check
 * and the use; they control the archive anyway.)
 */
export class ObjectTree {
  /** The root must be a canonical path. */
  constructor(readonly root: string) {}

  /** Opens an object and reads its metadata; null when it does not exist. The caller closes the file. */
  async open(key: string, moreFlags = 0): Promise<{ file: FileHandle; info: ObjectInfo } | null> {
    const path = this.pathOf(key);
    if (!(await this.isReachable(path))) return null;
    // Without O_NONBLOCK, opening a named pipe in place of the object would block.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | moreFlags;
    const file = await orNull(() => open(path, flags), 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO');
    if (file === null) return null;
    try {
      const stats = await file.stat({ bigint: true });
      if (stats.isFile()) return { file, info: infoOf(key, stats) };
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return null;
  }

  /** Returns the metadata of an object, or null. */
  async head(key: string): Promise<ObjectInfo | null> {
    const stats = await this.stat(key);
    return stats?.isFile() === true ? infoOf(key, stats) : null;
  }

  /** Links a finished file to the key, durably; false when anything exists there already. */
  async addName(path: string, key: string): Promise<boolean> {
    try {
      await this.place(key, (target) => link(path, target));
      return true;
    } catch (error) {
      if (failedWith(error, 'EEXIST')) return false;
      throw error;
    }
  }

  /** Moves a finished file to the key, durably, and replaces an existing one. */
  async moveTo(path: string, key: string): Promise<void> {
    await this.place(key, (target) => rename(path, target));
  }

  /** Makes the names of an object and of all its folders durable. */
  async syncNames(key: string): Promise<void> {
    for (let folder = dirname(this.pathOf(key)); folder !== dirname(this.root); folder = dirname(folder)) {
      await syncFolder(folder);
    }
  }

  /** Removes an object, durably, and the folders that become empty. */
  async remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    if (!(await this.isReachable(path))) return;
    if ((await this.stat(key))?.isFile() !== true) return;
    await orNull(() => unlink(path), 'ENOENT');
    await orNull(() => syncFolder(dirname(path)), 'ENOENT');
    await this.prune(dirname(path));
  }

  private pathOf(key: string): string {
    return join(this.root, ...key.split('/'));
  }

  private async stat(key: string): Promise<BigIntStats | null> {
    const path = this.pathOf(key);
    if (!(await this.isReachable(path))) return null;
    return orNull(() => lstat(path, { bigint: true }), 'ENOENT', 'ENOTDIR');
  }

  /** Whether the folders above the path exist, and are not symbolic links. */
  private async isReachable(path: string): Promise<boolean> {
    const folder = dirname(path);
    return (await orNull(() => realpath(folder), 'ENOENT', 'ENOTDIR', 'ELOOP')) === folder;
  }

  private async place(key: string, put: (target: string) => Promise<void>): Promise<void> {
    const path = this.pathOf(key);
    for (let attempt = 1; ; attempt++) {
      await this.makeFolders(key);
      try {
        await put(path);
        break;
      } catch (error) {
        if (failedWith(error, 'EISDIR', 'ENOTDIR')) throw taken(key, error);
        if (!failedWith(error, 'ENOENT') || attempt === MAX_PLACE_ATTEMPTS) throw error;
      }
    }
    await this.syncNames(key);
  }

  private async makeFolders(key: string): Promise<void> {
    let folder = this.root;
    for (const name of key.split('/').slice(0, -1)) {
      folder = join(folder, name);
      if ((await orNull(() => mkdir(folder, FOLDER_MODE).then(() => true), 'EEXIST')) === true) continue;
      const stats = await orNull(() => lstat(folder), 'ENOENT');
      if (stats === null || stats.isDirectory()) continue;
      if (stats.isFile()) throw taken(key);
      throw new ObjectStoreError(
        'object-store.unusable',
        `"${basename(folder)}" in ${key} is not a folder of the store`,
      );
    }
  }

  private async prune(folder: string): Promise<void> {
    for (let empty = folder; empty !== this.root; empty = dirname(empty)) {
      if ((await orNull(() => rmdir(empty).then(() => true), 'ENOTEMPTY', 'EEXIST', 'ENOENT')) === null) return;
    }
  }
}

/** Returns the metadata of an object from that of its file. The etag changes whenever the file is replaced. */
export function infoOf(key: string, stats: BigIntStats): ObjectInfo {
  const etag = [stats.ino, stats.size, stats.mtimeNs].map((number) => number.toString(16)).join('-');
  return { key, size: Number(stats.size), modifiedAt: new Date(Number(stats.mtimeMs)), etag };
}

function taken(key: string, cause?: unknown): ObjectStoreError {
  return new ObjectStoreError('object-store.conflict', `${key} is a folder of other keys, or is below another key`, {
    cause,
  });
}
