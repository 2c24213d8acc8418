import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Classification, ContentSink, DeliveryEntry, DeliveryInspection } from '@almagest/delivery';
import { type TarEntry, type TarEntrySink, TarError, TarReader } from '@almagest/tar';
import { CliError } from '../cli.error';
import { unreadable } from '../submission/read-file';
import type { PartFile } from './delivery-input';

/** A classified file. `container` is the index of its part in opening order; 0 for a tree. */
export interface LoggedFile {
  container: number;
  path: string;
  size: number;
  file: Classification;
}

/** Collects every classified file of a delivery. */
export class FileLog {
  private containers = 0;
  private readonly logged: LoggedFile[] = [];

  /** Starts a part or a tree and returns its index. */
  openContainer(): number {
    return this.containers++;
  }

  add(container: number, { path, size }: { path: string; size: number }, file: Classification): void {
    this.logged.push({ container, path, size, file });
  }

  get files(): readonly LoggedFile[] {
    return this.logged;
  }
}

/** Bytes read at a time. */
const CHUNK = 1024 * 1024;

/**
 * Reads one tar part to its end, or to the first fault.
 * @param onBytes called for every chunk
 * @returns its SHA-256 in hexadecimal; null after a fault
 * @throws CliError `cli.input-unreadable`; the reason of `signal` when it is aborted
 */
export async function readPart(
  { path, name }: PartFile,
  inspection: DeliveryInspection,
  log: FileLog,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string | null> {
  const index = log.openContainer();
  const part = inspection.openPart(name);
  const onEntry = (entry: TarEntry): TarEntrySink | null => {
    const { file, content } = part.entry(entry);
    if (file !== null) log.add(index, entry, file);
    return content;
  };
  const tar = new TarReader({ onEntry });
  const hash = createHash('sha256');
  let broken: TarError | undefined;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK, signal }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      for (const _ of tar.pieces(chunk)) {
        await inspection.backlog();
        await turn();
        signal.throwIfAborted();
      }
      onBytes(chunk.length);
      await inspection.backlog();
    }
    tar.end();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TarError)) throw unreadable(path, error);
    broken = error;
  } finally {
    part.close(broken);
  }
  return broken === undefined ? hash.digest('hex') : null;
}

/** Does not follow a link or wait for the writer of a pipe, in case one has replaced the file meanwhile. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Receives the progress of reading a tree. */
interface TreeProgress {
  onEntry(path: string): void;
  onBytes(bytes: number): void;
}

/**
 * Reads an unpacked tree: reports every entry as a tar of the tree would contain it, follows no link, and opens only the
 * files whose content the standard checks.
 * @param prefix path of `directory` within the tree
 * @throws CliError `cli.input-unreadable`; the reason of `signal` when it is aborted
 */
export async function readTree(
  { directory, prefix }: { directory: string; prefix: string },
  inspection: DeliveryInspection,
  log: FileLog,
  signal: AbortSignal,
  progress: TreeProgress,
): Promise<void> {
  const container = log.openContainer();
  const tree = inspection.openTree();
  try {
    for await (const { onDisk, entry } of walk(directory, prefix)) {
      signal.throwIfAborted();
      progress.onEntry(entry.path);
      const { file, content } = tree.entry(entry);
      if (file !== null) log.add(container, entry, file);
      if (content !== null) await readContent(onDisk, entry.size, content, inspection, signal, progress);
    }
  } finally {
    tree.close();
  }
}

/** Walks a tree depth first. The entries of a directory are sorted by the bytes of their names. */
async function* walk(directory: string, prefix: string): AsyncGenerator<{ onDisk: Buffer; entry: DeliveryEntry }> {
  const waiting: { onDisk: Buffer; path: string }[] = [{ onDisk: Buffer.from(directory), path: prefix }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const directories: { onDisk: Buffer; path: string }[] = [];
    for (const name of await namesIn(at.onDisk)) {
      const onDisk = Buffer.concat([at.onDisk, Buffer.from('/'), name]);
      const path = join(at.path, name.toString('utf8'));
      const facts = await attempt(onDisk, () => lstat(onDisk));
      const type = typeOf(facts);
      if (type === 'directory') directories.push({ onDisk, path });
      yield {
        onDisk,
        entry: {
          path,
          type,
          size: type === 'file' ? facts.size : 0,
          mode: facts.mode & 0o7777,
          pathFlaw: flawOf(name),
        },
      };
    }
    waiting.push(...directories.reverse());
  }
}

async function namesIn(directory: Buffer): Promise<Buffer[]> {
  const names = await attempt(directory, () => readdir(directory, { encoding: 'buffer' }));
  return names.sort((a, b) => a.compare(b));
}

function typeOf(facts: Stats): DeliveryEntry['type'] {
  if (facts.isFile()) return 'file';
  if (facts.isDirectory()) return 'directory';
  if (facts.isSymbolicLink()) return 'symlink';
  if (facts.isFIFO()) return 'fifo';
  if (facts.isCharacterDevice()) return 'character-device';
  return facts.isBlockDevice() ? 'block-device' : 'other';
}

function flawOf(name: Buffer): DeliveryEntry['pathFlaw'] {
  if (!isUtf8(name)) return 'not-utf-8';
  return CONTROL.test(name.toString('utf8')) ? 'control-character' : null;
}

async function readContent(
  onDisk: Buffer,
  size: number,
  content: ContentSink,
  inspection: DeliveryInspection,
  signal: AbortSignal,
  progress: TreeProgress,
): Promise<void> {
  const handle = await attempt(onDisk, () => open(onDisk, OPEN_FLAGS));
  try {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, size)));
    for (let at = 0; at < size;) {
      const length = await readOn(onDisk, handle, chunk, at, size);
      content.data(chunk.subarray(0, length));
      at += length;
      progress.onBytes(length);
      await inspection.backlog();
      signal.throwIfAborted();
    }
  } finally {
    await handle.close();
  }
  content.end();
}

async function readOn(onDisk: Buffer, handle: FileHandle, chunk: Buffer, at: number, size: number): Promise<number> {
  const length = Math.min(chunk.length, size - at);
  const { bytesRead } = await attempt(onDisk, () => handle.read(chunk, 0, length, at));
  if (bytesRead > 0) return bytesRead;
  throw new CliError('cli.input-unreadable', `${onDisk.toString('utf8')} became shorter while it was read`);
}

async function attempt<T>(path: Buffer, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw unreadable(path.toString('utf8'), cause);
  }
}
