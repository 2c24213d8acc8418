import { BigIntStats, constants } from 'node:fs';
import { FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { paddingAfter } from '../tar-format';
import { TarError } from '../tar.error';
import { encodeHeaders } from './header-encoder';
import { openedPath } from './opened-path';
import type { PlannedEntry, PlannedPart } from './part-plan';
import { attempt, changedError, kindOf, stat } from './tree-walk';

/** Smaller pieces are gathered into chunks of at least this many bytes, so that a small file does not cost a chunk. */
const GATHER = 64 * 1024;
/** Bytes per read: large enough to hash and upload at full speed. */
const CHUNK = 1024 * 1024;
/** In nanoseconds. */
const SECOND = 1_000_000_000n;
/** Does not follow a link, nor wait for the writer of a pipe, if one has replaced the file. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Packs one planned part: returns a stream of exactly `part.size - from` bytes, always the same for the same tree.
 * Files are read on demand. The stream fails with TarError `tar.tree-changed` (retryable: plan again) when a file or
 * directory of the part is no longer as planned, at the latest at its end: the bytes are valid only after the stream
 * has ended.
 * @param options.from first byte of the part to return, to resume an interrupted part; default 0. Before you resume,
 *   compare the part's `fingerprint` with that of the earlier plan.
 * @throws TarError `tar.plan-invalid` when `from` is outside the part
 */
export function packPart(part: PlannedPart, options: { from?: number } = {}): Readable {
  const from = options.from ?? 0;
  if (!Number.isSafeInteger(from) || from < 0 || from > part.size) {
    throw new TarError('tar.plan-invalid', { expected: `a start byte from 0 to ${part.size}`, found: `${from}` });
  }
  return Readable.from(gathered(pieces(part, from)), { objectMode: false });
}

/** Yields the part from byte `from` on. Checks everything that was packed once more before the last bytes. */
async function* pieces(part: PlannedPart, from: number): AsyncGenerator<Buffer> {
  let end = 0;
  for (const entry of part.entries) {
    end = entry.offset + entry.size + paddingAfter(entry.size);
    if (end > from) yield* entryPieces(part.root, entry, from);
  }
  for (const entry of part.entries) await checkUnchanged(part.root, part.treeRoot, entry);
  yield Buffer.alloc(part.size - Math.max(from, end));
}

async function* entryPieces(root: string, entry: PlannedEntry, from: number): AsyncGenerator<Buffer> {
  const dataEnd = entry.offset + entry.size;
  if (from < entry.offset) yield encodeHeaders(entry).subarray(Math.max(0, from - entry.headerOffset));
  if (entry.size > 0 && from < dataEnd) yield* readPlannedFile(root, entry, Math.max(0, from - entry.offset));
  yield Buffer.alloc(paddingAfter(entry.size) - Math.max(0, from - dataEnd));
}

async function* gathered(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let bytes = 0;
  for await (const piece of source) {
    pending.push(piece);
    bytes += piece.length;
    if (bytes < GATHER) continue;
    yield pending.length === 1 ? piece : Buffer.concat(pending, bytes);
    pending = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pending, bytes);
}

/**
 * Reads a planned file from byte `from` on, to its planned size.
 * @throws TarError `tar.tree-changed` when it is no longer the planned file, `tar.tree-unreadable`
 */
async function* readPlannedFile(root: string, entry: PlannedEntry, from: number): AsyncGenerator<Buffer> {
  const path = join(root, entry.path);
  const handle = await attempt(entry.path, () => open(path, OPEN_FLAGS));
  try {
    await checkOpenFile(handle, entry);
    const opened = await attempt(entry.path, () => openedPath(handle, path));
    if (opened !== path) throw changedError(entry.path, 'the file that was planned', 'another file, behind a link');
    for (let at = from; at < entry.size;) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK, entry.size - at));
      const { bytesRead } = await attempt(entry.path, () => handle.read(chunk, 0, chunk.length, at));
      if (bytesRead === 0) throw changedError(entry.path, `${entry.size} bytes`, `${at} bytes`);
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
    await checkOpenFile(handle, entry);
  } finally {
    await handle.close();
  }
}

/**
 * Checks that a file or directory is still as planned. The content of a directory must not have changed, unless the
 * directory is above `treeRoot`.
 * @throws TarError `tar.tree-changed`, `tar.tree-unreadable`
 */
async function checkUnchanged(root: string, treeRoot: string, entry: PlannedEntry): Promise<void> {
  const stats = await attempt(entry.path, () => stat(root, entry.path));
  if (treeRoot.startsWith(`${entry.path}/`)) compareKind(entry, stats);
  else compare(entry, stats);
}

async function checkOpenFile(handle: FileHandle, entry: PlannedEntry): Promise<void> {
  compare(entry, await attempt(entry.path, () => handle.stat({ bigint: true })));
}

function compareKind(entry: PlannedEntry, stats: BigIntStats): void {
  if (kindOf(stats) !== `a ${entry.type}`) throw changedError(entry.path, `a ${entry.type}`, kindOf(stats));
}

function compare(entry: PlannedEntry, stats: BigIntStats): void {
  compareKind(entry, stats);
  if (entry.type === 'file' && stats.size !== BigInt(entry.size)) {
    throw changedError(entry.path, `${entry.size} bytes`, `${stats.size} bytes`);
  }
  if (stats.mtimeNs !== entry.mtimeNs) {
    throw changedError(entry.path, `the modification time ${timestamp(entry.mtimeNs)}`, timestamp(stats.mtimeNs));
  }
}

/** Formats nanoseconds since 1970: `2015-01-20T09:00:00.500000000Z`. */
function timestamp(nanoseconds: bigint): string {
  const fraction = ((nanoseconds % SECOND) + SECOND) % SECOND;
  const date = new Date(Number((nanoseconds - fraction) / 1_000_000n));
  if (Number.isNaN(date.getTime())) return `${nanoseconds} ns`;
  return `${date.toISOString().slice(0, -'.000Z'.length)}.${String(fraction).padStart(9, '0')}Z`;
}
