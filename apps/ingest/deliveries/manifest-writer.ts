import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type DeliveryReport,
  type ImageRecord,
  type ManifestDelivery,
  manifestKey,
  type ManifestLine,
  ousOf,
  type Qa2Result,
  storeFolder,
} from '@almagest/contracts';
import type { InspectedFile } from '@almagest/delivery';
import { ChunkedUpload, chunkSizeFor, ChunkWriter, type ObjectStore, ObjectStoreError } from '@almagest/object-store';
import type { TransferredPart } from '../parts/part-transfer';
import type { ChunkMemory } from '../resources/chunk-memory';

/** Characters of a manifest that are made at a time. */
const PIECE = 256 * 1024;
/** Bytes of a manifest that contain the beginning of its first line. */
const HEAD = 256;

/** Returns what an image of the delivery shows; null for other files. */
export type ImageOf = (file: InspectedFile) => ImageRecord | null;

/** What was found in a delivery. */
export interface DeliveryContents {
  report: DeliveryReport;
  parts: readonly TransferredPart[];
  imageOf: ImageOf;
}

export interface StoredManifest {
  key: string;
  size: number;
  sha256: string;
}

/**
 * Writes the manifest beside the parts. A manifest that an earlier run left there, perhaps under an earlier version of
 * the standard, was never announced and is replaced. One that fits into a chunk, as nearly all do, is written by a single
 * `put`: an upload would wait for the disk three times as often.
 */
export async function storeManifest(
  store: ObjectStore,
  memory: ChunkMemory,
  delivery: { id: string; result: Qa2Result },
  contents: DeliveryContents,
  signal: AbortSignal,
): Promise<StoredManifest> {
  const key = manifestKey(storeFolder(delivery.result));
  const chunkSize = chunkSizeFor(0);
  const bytes = (): AsyncGenerator<Buffer> => manifestBytes(delivery, contents);
  const hash = createHash('sha256');
  let size = 0;
  let pieces: Buffer[] = [];
  for await (const piece of bytes()) {
    hash.update(piece);
    size += piece.length;
    pieces = size <= chunkSize ? [...pieces, piece] : [];
  }
  if (size <= chunkSize) {
    await store.put(key, Buffer.concat(pieces, size));
  } else {
    using share = await memory.acquire(2, chunkSize, signal);
    await upload(store, key, bytes(), chunkSize, share.buffers);
  }
  return { key, size, sha256: hash.digest('hex') };
}

async function upload(
  store: ObjectStore,
  key: string,
  bytes: AsyncIterable<Buffer>,
  chunkSize: number,
  buffers: readonly Buffer[],
): Promise<void> {
  const begun = await ChunkedUpload.resume(store, key, chunkSize);
  const writer = new ChunkWriter(begun, buffers);
  try {
    for await (const piece of bytes) await writer.write(piece);
    await writer.finish();
  } finally {
    await writer.settle();
  }
  try {
    await begun.complete();
  } catch (error) {
    if (!(error instanceof ObjectStoreError) || error.code !== 'object-store.conflict') throw error;
    await store.delete(key);
    await begun.complete();
  }
}

/** Returns the id of the delivery that a folder's manifest describes; null when there is no manifest. */
export async function manifestOwner(store: ObjectStore, folder: string): Promise<string | null> {
  const key = manifestKey(folder);
  const there = await store.head(key);
  if (there === null) return null;
  const range = { start: 0, end: Math.min(there.size, HEAD) - 1 };
  const head = await text(await store.read(key, { range }));
  return /^\{"kind":"delivery","version":\d+,"id":"([0-9a-f-]{36})"/.exec(head)?.[1] ?? '';
}

/** Yields many lines at a time; other work of the process continues in between. */
async function* manifestBytes(...of: Parameters<typeof manifestLines>): AsyncGenerator<Buffer> {
  let text = '';
  for (const line of manifestLines(...of)) {
    text += `${JSON.stringify(line)}\n`;
    if (text.length < PIECE) continue;
    yield Buffer.from(text);
    text = '';
    await turn();
  }
  yield Buffer.from(text);
}

function* manifestLines(
  { id, result }: { id: string; result: Qa2Result },
  { report, parts, imageOf }: DeliveryContents,
): Generator<ManifestLine> {
  yield deliveryLine(id, result, report);
  for (const { order, facts } of parts) {
    yield { kind: 'part', name: order.name, key: order.key, size: facts.size, sha256: facts.sha256 };
    for (const { line, inspected } of facts.files) yield { ...line, image: imageOf(inspected) };
  }
}

function deliveryLine(id: string, result: Qa2Result, report: DeliveryReport): ManifestDelivery {
  const { project, level, scienceGoal, group, revision, outcome, decidedAt, releaseDate } = result;
  const { executionBlocks, alsoServes } = result;
  return {
    kind: 'delivery',
    version: 2,
    id,
    project,
    level,
    scienceGoal,
    group,
    ous: ousOf(result),
    revision,
    outcome,
    decidedAt,
    executionBlocks,
    alsoServes,
    releaseDate,
    report,
  };
}
