import { posix, relative, resolve, sep } from 'node:path';
import { assertRoom, makeDirectory, StagedFile, syncDirectory } from '@almagest/archive-client';
import { isLitter } from '@almagest/delivery';
import { packPart, type PlannedPart, planParts, TarError } from '@almagest/tar';
import { CliError } from '../cli.error';
import type { DeliveryTree } from './delivery-tree';

/** A written part. */
export interface PackedPart {
  name: string;
  /** Absolute. */
  path: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
  files: number;
}

/** The written parts, and the paths that were not packed: what a system or an editor left in the tree. */
export interface PackedDelivery {
  parts: PackedPart[];
  leftOut: string[];
}

/** Receives the progress of packing; `index` starts at 1. */
export interface PackProgress {
  onPart(name: string, index: number, of: number): void;
  /** Bytes written so far, of all parts together. */
  onBytes(done: number, of: number): void;
}

/**
 * Packs a tree into the parts of its delivery (§2). The parts get their names once all are written and the tree has not
 * changed, so that parts of different states of the tree are never mixed.
 * @throws CliError `cli.input-unreadable` when the tree changes or cannot be packed, `cli.usage`;
 *   ArchiveClientError `archive-client.disk-full`, `archive-client.cannot-write`; the reason of `signal` when it is aborted
 */
export async function packDelivery(
  tree: DeliveryTree,
  into: string,
  maxPartSize: number,
  progress: PackProgress,
  signal: AbortSignal,
): Promise<PackedDelivery> {
  const directory = resolve(into);
  if (isWithin(resolve(tree.root, tree.treeRoot), directory)) {
    throw new CliError('cli.usage', `the parts cannot be written into the tree itself: ${into}`);
  }
  const { parts: planned, leftOut } = await plan(tree, maxPartSize);
  const total = planned.reduce((bytes, { size }) => bytes + size, 0);
  await makeDirectory(directory);
  await assertRoom(directory, total);
  const files = planned.map(({ name }) => new StagedFile(directory, name));
  try {
    const packed: PackedPart[] = [];
    let done = 0;
    for (const [index, part] of planned.entries()) {
      const file = files[index] as StagedFile;
      progress.onPart(part.name, index + 1, planned.length);
      const digest = await translated(() =>
        file.write(untilAborted(packPart(part), signal), (bytes) => progress.onBytes((done += bytes), total)),
      );
      packed.push({ name: part.name, path: file.path, ...digest, files: countFiles(part) });
    }
    await assertUnchanged(tree, maxPartSize, planned);
    signal.throwIfAborted();
    for (const file of files) await file.publish();
    await syncDirectory(directory);
    return { parts: packed, leftOut };
  } finally {
    for (const file of files) await file.discard();
  }
}

async function plan(
  { root, ...tree }: DeliveryTree,
  maxPartSize: number,
): Promise<{ parts: PlannedPart[]; leftOut: string[] }> {
  const leftOut: string[] = [];
  const leaveOut = (path: string): boolean => {
    const isLeftOut = isLitter([posix.basename(path)]);
    if (isLeftOut) leftOut.push(path);
    return isLeftOut;
  };
  const parts = await translated(() => planParts(root, { ...tree, maxPartSize, leaveOut }));
  return { parts, leftOut };
}

/** Each part was checked while it was written; checks the whole tree again at the end. */
async function assertUnchanged(tree: DeliveryTree, maxPartSize: number, before: PlannedPart[]): Promise<void> {
  const names = (parts: PlannedPart[]): string => parts.map(({ name, fingerprint }) => `${name} ${fingerprint}`).join();
  if (names((await plan(tree, maxPartSize)).parts) !== names(before)) throw treeChanged();
}

async function translated<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    if (error.code === 'tar.tree-changed') throw treeChanged(error);
    throw new CliError('cli.input-unreadable', `the tree cannot be packed: ${error.message}`, { cause: error });
  }
}

function treeChanged(cause?: TarError): CliError {
  const where = cause === undefined ? '' : `: ${cause.message}`;
  return new CliError('cli.input-unreadable', `the tree changed while it was packed${where}`, {
    cause,
    hints: ['pack it once nothing writes to it any more'],
  });
}

async function* untilAborted(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}

function countFiles({ entries }: PlannedPart): number {
  return entries.filter(({ type }) => type === 'file').length;
}

function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}
