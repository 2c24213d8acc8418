import { BigIntStats, constants } from 'node:fs';
import { FileHandle, lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedEntry } from './planned-entry';
import { changedError, failedAgainError } from './tree-error';
import { kindOf } from './tree-walk';

/** Bytes read at a time: large enough for hashing and uploading at full speed. */
const CHUNK = 1024 * 1024;
/** Neither follows a link nor waits for a pipe's writer, should one have taken the file's place. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a planned file from byte `from` on, to its planned size.
 * @throws TarError `tar.tree-changed` when it is no longer the file that was planned, `tar.tree-unreadable`
 */
export async function* readPlannedFile(root: string, entry: PlannedEntry, from: number): AsyncGenerator<Buffer> {
  const handle = await attempt(entry, () => open(join(root, entry.path), OPEN_FLAGS));
  try {
    await checkOpenFile(handle, entry);
    for (let at = from; at < entry.size;) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK, entry.size - at));
      const { bytesRead } = await attempt(entry, () => handle.read(chunk, 0, chunk.length, at));
      if (bytesRead === 0) throw changedError(entry.path, `${entry.size} bytes`, `${at}`);
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
    await checkOpenFile(handle, entry);
  } finally {
    await handle.close();
  }
}

/**
 * Looks whether a file or directory still is what was planned. In a directory nothing may have come or gone, unless it
 * is above `treeRoot`.
 * @throws TarError `tar.tree-changed`, `tar.tree-unreadable`
 */
export async function checkUnchanged(root: string, treeRoot: string, entry: PlannedEntry): Promise<void> {
  const stats = await attempt(entry, () => lstat(join(root, entry.path), { bigint: true }));
  if (treeRoot.startsWith(`${entry.path}/`)) compareKind(entry, stats);
  else compare(entry, stats);
}

async function checkOpenFile(handle: FileHandle, entry: PlannedEntry): Promise<void> {
  compare(entry, await attempt(entry, () => handle.stat({ bigint: true })));
}

function compareKind(entry: PlannedEntry, stats: BigIntStats): void {
  if (kindOf(stats) !== `a ${entry.type}`) throw changedError(entry.path, `a ${entry.type}`, kindOf(stats));
}

function compare(entry: PlannedEntry, stats: BigIntStats): void {
  compareKind(entry, stats);
  if (entry.type === 'file' && stats.size !== BigInt(entry.size)) {
    throw changedError(entry.path, `${entry.size} bytes`, `${stats.size}`);
  }
  if (stats.mtimeNs !== entry.mtimeNs) {
    throw changedError(entry.path, `last modified at ${entry.mtimeNs} ns`, `${stats.mtimeNs} ns`);
  }
}

async function attempt<T>(entry: PlannedEntry, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw failedAgainError(entry.path, error);
  }
}
