import type { DeliveryInspection, PartInspection } from '@almagest/delivery';
import { ChunkedUpload, chunkSizeFor, OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { failpoint } from '@almagest/platform';
import { inBlocks, type Source, SourceError } from '@almagest/sources';
import { Inject, Injectable } from '@nestjs/common';
import type { HashPair } from '../hashing/hash-pair';
import { HashThreads } from '../hashing/hash-threads';
import { IngestConfig } from '../ingest.config';
import { chunkBytes } from '../ingest.metrics';
import { Allowance } from '../limits/allowance';
import { ArchiveTrouble } from '../limits/archive-trouble';
import { ChunkMemory } from '../limits/chunk-memory';
import { DigestReading } from './digest-reading';
import { type PartFacts, PartReading } from './part-reading';
import type { PartDigest, Reading } from './reading';

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

/** A part that goes on beyond the size that was posted; the rest of it is not read. */
export class OverlongPart extends Error {
  readonly code = 'transfer.size';
  readonly retryable = false;

  constructor(readonly order: PartOrder) {
    super(`${order.name} is longer than the ${order.size} bytes announced`);
    this.name = 'OverlongPart';
  }
}

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
   * @throws SourceError, OverlongPart, ObjectStoreError, ArchiveTrouble
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
    return this.turns.during(1, signal, () =>
      this.threads.lend(async (threads) => {
        const reading = by(threads);
        if ((await this.store.head(order.key)) === null) return this.upload(order, reading, signal);
        await pass(this.store.scan(order.key, { signal }), order, reading, null, signal);
        return { order, facts: await reading.finish(), upload: null };
      }),
    );
  }

  private async upload<Facts extends PartDigest>(
    order: PartOrder,
    reading: Reading<Facts>,
    signal: AbortSignal,
  ): Promise<TakenPart<Facts>> {
    const chunkSize = chunkSizeFor(order.size);
    return this.memory.lend(this.buffersFor(order.size, chunkSize), chunkSize, signal, async (buffers) => {
      const upload = await ChunkedUpload.resume(this.store, order.key, chunkSize, buffers);
      try {
        await pass(order.source.open(signal), order, reading, upload, signal);
        const facts = await reading.finish();
        if (reading.isSound) await upload.finish();
        return { order, facts, upload };
      } catch (error) {
        if (error instanceof SourceError) error.part = order.name;
        throw error;
      } finally {
        await upload.land();
        chunkBytes.inc({ outcome: 'sent' }, upload.progress.sent);
        chunkBytes.inc({ outcome: 'kept' }, upload.progress.kept);
      }
    });
  }

  /** A part's share of the memory, two buffers at least; one where the part is a single chunk. */
  private buffersFor(size: number, chunkSize: number): number {
    if (size <= chunkSize) return 1;
    if (2 * chunkSize > this.memory.total) {
      throw new ArchiveTrouble(
        'archive.buffers-too-small',
        `a part in chunks of ${chunkSize} bytes does not fit into ${this.memory.total} bytes of chunk memory`,
      );
    }
    const share = Math.floor(this.memory.total / this.config.settings.parts / chunkSize);
    return Math.min(Math.max(share, 2), 1 + MOST_IN_FLIGHT);
  }
}

async function pass(
  bytes: AsyncIterable<Uint8Array>,
  order: PartOrder,
  reading: Reading<PartDigest>,
  upload: ChunkedUpload | null,
  signal: AbortSignal,
): Promise<void> {
  let read = 0;
  for await (const block of inBlocks(bytes)) {
    signal.throwIfAborted();
    read += block.length;
    if (read > order.size) throw new OverlongPart(order);
    await reading.write(block);
    if (reading.isSound) await upload?.write(block);
    if (read > order.size / 2) failpoint('ingest.mid-part');
  }
}
