import type { DeliveryInspection, PartInspection } from '@almagest/delivery';
import { BufferCycle, ChunkedUpload, chunkSizeFor, OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { failpoint } from '@almagest/platform';
import { type Source, SourceError, StreamReader } from '@almagest/sources';
import { Inject, Injectable } from '@nestjs/common';
import type { HashPair } from '../hashing/hash-pair';
import { HashThreads } from '../hashing/hash-threads';
import { IngestConfig } from '../ingest.config';
import { chunkBytes } from '../ingest.metrics';
import { Allowance } from '../limits/allowance';
import { ArchiveLimitError } from '../ingest.error';
import { ChunkMemory } from '../limits/chunk-memory';
import { DigestReading } from './digest-reading';
import { inChunks, type PartChunk } from './part-chunks';
import type { PartOrder } from './part-order';
import { type PartFacts, PartReading } from './part-reading';
import type { PartDigest, Reading } from './reading';

/** A part whose bytes are all in the store but not visible yet; null upload: they were made visible before a crash. */
export interface TakenPart<Facts extends PartDigest = PartFacts> {
  order: PartOrder;
  facts: Facts;
  upload: ChunkedUpload | null;
}

/** Chunks of one part on their way to the store at the same time, where memory allows. */
const MOST_IN_FLIGHT = 3;

/** Takes parts in, some at a time, within the memory that the configuration allows. */
@Injectable()
export class PartIntake {
  private readonly turns: Allowance;

  constructor(
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly threads: HashThreads,
    private readonly memory: ChunkMemory,
    private readonly config: IngestConfig,
  ) {
    this.turns = new Allowance(config.settings.parts);
  }

  /**
   * Reads a part once, from its source to the store. A part that an earlier run of the job has made visible is read
   * from the store instead, because its source may be gone.
   * @throws SourceError, PartTooLongError, ObjectStoreError, ArchiveLimitError
   */
  async take(
    order: PartOrder,
    inspection: DeliveryInspection,
    part: PartInspection,
    signal: AbortSignal,
  ): Promise<TakenPart> {
    return this.read(order, (threads) => new PartReading(inspection, part, threads), signal);
  }

  /**
   * The same for a part whose contents are known: nothing is learnt but its size and its digest.
   * @throws as `take`
   */
  async takeAgain(order: PartOrder, signal: AbortSignal): Promise<TakenPart<PartDigest>> {
    return this.read(order, (threads) => new DigestReading(threads), signal);
  }

  private async read<Facts extends PartDigest>(
    order: PartOrder,
    by: (threads: HashPair) => Reading<Facts>,
    signal: AbortSignal,
  ): Promise<TakenPart<Facts>> {
    return this.turns.during(1, signal, async () => {
      const chunkSize = chunkSizeFor(order.size);
      const count = this.buffersFor(order.size, chunkSize);
      const isThere = (await this.store.head(order.key)) !== null;
      const from = isThere ? { ...order, source: this.stored(order.key) } : order;
      const upload = isThere ? null : await ChunkedUpload.resume(this.store, order.key, chunkSize);
      const facts = await this.memory.lend(count, chunkSize, signal, (buffers) =>
        this.threads.lend(buffers, (threads) =>
          pass(from, by(threads), threads, new BufferCycle(buffers), upload, signal),
        ),
      );
      return { order, facts, upload };
    });
  }

  private stored(key: string): Source {
    return { open: async (signal) => new StreamReader(this.store.scan(key, { signal })) };
  }

  /** A part's share of the memory, two buffers at least; one where the part is a single chunk. */
  private buffersFor(size: number, chunkSize: number): number {
    if (size <= chunkSize) return 1;
    if (2 * chunkSize > this.memory.total) {
      throw new ArchiveLimitError(
        'archive.buffers-too-small',
        `a part in chunks of ${chunkSize} bytes does not fit into ${this.memory.total} bytes of chunk memory`,
      );
    }
    const share = Math.floor(this.memory.total / this.config.settings.parts / chunkSize);
    return Math.min(Math.max(share, 2), 1 + MOST_IN_FLIGHT);
  }
}

/** Reads a part to its end; its chunks are sent on the way, as long as they are wanted. */
async function pass<Facts extends PartDigest>(
  order: PartOrder,
  reading: Reading<Facts>,
  threads: HashPair,
  buffers: BufferCycle,
  upload: ChunkedUpload | null,
  signal: AbortSignal,
): Promise<Facts> {
  const handOn = async ({ number, bytes }: PartChunk): Promise<void> => {
    const isWanted = reading.isSound;
    const sum = await threads.endChunk();
    if (isWanted) await upload?.send(number, bytes, sum);
  };
  try {
    let read = 0;
    for await (const chunk of inChunks(order, buffers, signal)) {
      signal.throwIfAborted();
      read += chunk.bytes.length;
      await reading.write(chunk.bytes);
      buffers.release(chunk.buffer, handOn(chunk));
      if (read > order.size / 2) failpoint('ingest.mid-part');
    }
    const facts = await reading.finish();
    await buffers.finish();
    return facts;
  } catch (error) {
    if (error instanceof SourceError) error.part = order.name;
    throw error;
  } finally {
    await buffers.settle();
    chunkBytes.inc({ outcome: 'sent' }, upload?.progress.sent ?? 0);
    chunkBytes.inc({ outcome: 'kept' }, upload?.progress.kept ?? 0);
  }
}
