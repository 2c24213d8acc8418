import type { DeliveryInspection } from '@almagest/delivery';
import { chunkSizeFor, type ObjectStore } from '@almagest/object-store';
import { failpoint } from '@almagest/platform';
import type { Source } from '../sources/source';
import { SourceError } from '../sources/source.error';
import { ChunkedUpload } from './chunked-upload';
import { type PartFacts, PartReading } from './part-reading';

/** A part that is to be taken in. */
export interface PartOrder {
  name: string;
  /** Its key in the object store. */
  key: string;
  source: Source;
  size: number;
  /** What was posted; null for a part this archive packs itself. */
  sha256: string | null;
}

/** A part whose bytes are all in the store but not visible yet; null upload: they were made visible before a crash. */
export interface TakenPart {
  order: PartOrder;
  facts: PartFacts;
  upload: ChunkedUpload | null;
}

/**
 * Reads a part once, from its source to the store. A part that an earlier run of the job has made visible is read from
 * the store instead, because its source may be gone.
 * @throws SourceError, ObjectStoreError
 */
export async function takePart(
  order: PartOrder,
  inspection: DeliveryInspection,
  store: ObjectStore,
  signal: AbortSignal,
): Promise<TakenPart> {
  const isStored = (await store.head(order.key)) !== null;
  const upload = isStored ? null : await ChunkedUpload.resume(store, order.key, chunkSizeFor(order.size));
  const bytes = isStored ? await store.read(order.key, { signal }) : order.source.open(signal);
  const reading = new PartReading(order.name, inspection);
  let read = 0;
  for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
    signal.throwIfAborted();
    read += chunk.length;
    if (read > order.size) {
      throw new SourceError('source.unusable', `${order.name} is longer than the ${order.size} bytes announced`);
    }
    await reading.write(chunk);
    if (reading.isSound) await upload?.write(chunk);
    if (read > order.size / 2) failpoint('ingest.mid-part');
  }
  const facts = reading.finish();
  if (reading.isSound) await upload?.finish();
  return { order, facts, upload };
}
