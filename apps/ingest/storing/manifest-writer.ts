import { createHash } from 'node:crypto';
import {
  type DeliveryReport,
  MANIFEST_NAME,
  type ManifestDelivery,
  type ManifestLine,
  ousOf,
  type Qa2Result,
} from '@almagest/contracts';
import { chunkSizeFor, type ObjectStore, ObjectStoreError } from '@almagest/object-store';
import { ChunkedUpload } from './chunked-upload';
import type { TakenPart } from './part-intake';
import { storeFolder } from './part-orders';

export interface StoredManifest {
  key: string;
  size: number;
  sha256: string;
}

/**
 * Writes the manifest beside the parts. A manifest that an earlier run left there, of an earlier version of the
 * standard perhaps, was never announced and is replaced.
 */
export async function storeManifest(
  store: ObjectStore,
  delivery: { id: string; result: Qa2Result },
  report: DeliveryReport,
  parts: readonly TakenPart[],
): Promise<StoredManifest> {
  const key = `${storeFolder(delivery.result)}/${MANIFEST_NAME}`;
  const hash = createHash('sha256');
  let size = 0;
  const upload = await ChunkedUpload.resume(store, key, chunkSizeFor(0));
  for (const line of manifestLines(delivery, report, parts)) {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    hash.update(bytes);
    size += bytes.length;
    await upload.write(bytes);
  }
  await upload.finish();
  try {
    await upload.complete();
  } catch (error) {
    if (!(error instanceof ObjectStoreError) || error.code !== 'object-store.conflict') throw error;
    await store.delete(key);
    await upload.complete();
  }
  return { key, size, sha256: hash.digest('hex') };
}

function* manifestLines(
  { id, result }: { id: string; result: Qa2Result },
  report: DeliveryReport,
  parts: readonly TakenPart[],
): Generator<ManifestLine> {
  yield deliveryLine(id, result, report);
  for (const { order, facts } of parts) {
    yield { kind: 'part', name: order.name, key: order.key, size: facts.size, sha256: facts.sha256 };
    yield* facts.files;
  }
}

function deliveryLine(id: string, result: Qa2Result, report: DeliveryReport): ManifestDelivery {
  const { project, level, scienceGoal, group, revision, outcome, decidedAt, executionBlocks, releaseDate } = result;
  return {
    ...{ kind: 'delivery', version: 1, id, project, level, scienceGoal, group, ous: ousOf(result), revision },
    ...{ outcome, decidedAt, executionBlocks, releaseDate, report },
  };
}
