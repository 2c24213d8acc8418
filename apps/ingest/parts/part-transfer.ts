import type { DeliveryInspection, PartInspection } from '@almagest/delivery';
import { BufferCycle, ChunkedUpload, chunkSizeFor, OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { failpoint } from '@almagest/platform';
import { type Source, SourceError, type SourceReader, StreamReader } from '@almagest/sources';
import { Inject, Injectable } from '@nestjs/common';
import { HashThreads, type PartHashes } from '../hashing/hash-threads';
import { IngestConfig } from '../ingest.config';
import { ArchiveLimitError, PartTooLongError } from '../ingest.error';
import { chunkBytes } from '../ingest.metrics';
import { Allowance, ChunkMemory } from '../resources/chunk-memory';
import type { PartOrder } from './part-orders';
import { DigestSink, InspectingSink, type PartDigest, type PartFacts, type PartSink } from './part-sink';

/** A part whose bytes are all in the store. */
export interface TransferredPart<Facts extends PartDigest = PartFacts> {
  order: PartOrder;
  facts: Facts;
  /** Its completion makes the part visible; null when that happened before a crash. */
  upload: ChunkedUpload | null;
}

/** Chunks of one part that are sent to the store at the same time, if memory allows. */
const MAX_CHUNKS_IN_FLIGHT = 3;

/** Transfers parts from their sources to the store, within the limits of the configuration on parts and memory. */
@Injectable()
export class PartTransfer {
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
   * Transfers and inspects a part in one pass. A part that an earlier run of the job has made visible is read from the
   * store instead, because its source may be gone.
   * @throws SourceError, PartTooLongError, ObjectStoreError, ArchiveLimitError
   */
  async transfer(
    order: PartOrder,
    inspection: DeliveryInspection,
    part: PartInspection,
    signal: AbortSignal,
  ): Promise<TransferredPart> {
    return this.run(order, (hashes) => new InspectingSink(inspection, part, hashes, signal), signal);
  }

  /**
   * Transfers a part whose contents are known again: only its size and digest are found out.
   * @throws as `transfer`
   */
  async transferAgain(order: PartOrder, signal: AbortSignal): Promise<TransferredPart<PartDigest>> {
    return this.run(order, (hashes) => new DigestSink(hashes), signal);
  }

  private async run<Facts extends PartDigest>(
    order: PartOrder,
    sinkOf: (hashes: PartHashes) => PartSink<Facts>,
    signal: AbortSignal,
  ): Promise<TransferredPart<Facts>> {
    using _turn = await this.turns.acquire(1, signal);
    const chunkSize = chunkSizeFor(order.size);
    const count = this.bufferCountFor(order.size, chunkSize);
    const isVisible = (await this.store.head(order.key)) !== null;
    const upload = isVisible ? null : await ChunkedUpload.resume(this.store, order.key, chunkSize);
    const source = isVisible ? this.storedSource(order.key) : order.source;
    using memory = await this.memory.acquire(count, chunkSize, signal);
    await using hashes = this.threads.acquire(memory.buffers);
    const buffers = new BufferCycle(memory.buffers);
    const facts = await pass({ ...order, source }, sinkOf(hashes), hashes, buffers, upload, signal);
    return { order, facts, upload };
  }

  private storedSource(key: string): Source {
    return { open: async (signal) => new StreamReader(this.store.scan(key, { signal })) };
  }

  /** A part's share of the memory: at least two buffers, or one where the part is a single chunk. */
  private bufferCountFor(size: number, chunkSize: number): number {
    if (size <= chunkSize) return 1;
    if (2 * chunkSize > this.memory.total) {
      throw new ArchiveLimitError(
        'archive.buffers-too-small',
        `a part in chunks of ${chunkSize} bytes does not fit into ${this.memory.total} bytes of chunk memory; raise INGEST_BUFFER_BYTES`,
      );
    }
    const share = Math.floor(this.memory.total / this.config.settings.parts / chunkSize);
    return Math.min(Math.max(share, 2), 1 + MAX_CHUNKS_IN_FLIGHT);
  }
}

/** Reads a part to its end, and sends its chunks to the store as long as they are worth storing. */
async function pass<Facts extends PartDigest>(
  order: PartOrder,
  sink: PartSink<Facts>,
  hashes: PartHashes,
  buffers: BufferCycle,
  upload: ChunkedUpload | null,
  signal: AbortSignal,
): Promise<Facts> {
  const send = async ({ number, bytes }: PartChunk): Promise<void> => {
    const { isWorthStoring } = sink;
    const crc32 = await hashes.chunkDone();
    if (isWorthStoring) await upload?.send(number, bytes, crc32);
  };
  try {
    let read = 0;
    for await (const chunk of chunksOf(order, buffers, signal)) {
      signal.throwIfAborted();
      read += chunk.bytes.length;
      await sink.write(chunk.bytes);
      buffers.release(chunk.buffer, send(chunk));
      if (read > order.size / 2) failpoint('ingest.mid-part');
    }
    const facts = await sink.finish();
    await buffers.finish();
    return facts;
  } catch (error) {
    // The failure of another part stops this one with the same error.
    if (error instanceof SourceError) error.part ??= order.name;
    throw error;
  } finally {
    await buffers.settle();
    chunkBytes.inc({ outcome: 'sent' }, upload?.progress.sent ?? 0);
    chunkBytes.inc({ outcome: 'kept' }, upload?.progress.kept ?? 0);
  }
}

/** A chunk of the part that has been read completely. */
interface PartChunk {
  /** Its place, from 1. */
  number: number;
  /** The buffer that it begins; to be released when nothing uses the chunk any more. */
  buffer: Buffer;
  bytes: Buffer;
}

/**
 * Reads a part into buffers, one chunk each; the next chunk is read while the consumer works on the current one.
 * @throws SourceError, PartTooLongError, the signal's reason, or the failure of the work on a chunk
 */
async function* chunksOf(order: PartOrder, buffers: BufferCycle, signal: AbortSignal): AsyncGenerator<PartChunk, void> {
  const stop = new AbortController();
  const reader = await order.source.open(AbortSignal.any([signal, stop.signal]));
  const part = new ChunkReader(reader, order.size, buffers);
  let next = part.next();
  try {
    for (let chunk = await next; chunk !== null; chunk = await next) {
      next = part.next();
      // It may fail before it is awaited.
      next.catch(() => undefined);
      yield chunk;
    }
    if (await part.hasMore()) throw new PartTooLongError(order);
  } finally {
    // No read may write into the buffers after they are given back.
    stop.abort(new Error('the rest of the part is not read'));
    await next.catch(() => undefined);
    await reader.close();
  }
}

/** Reads chunk by chunk, up to the size that was announced. */
class ChunkReader {
  private read = 0;
  private hasEnded = false;
  private number = 0;

  constructor(
    private readonly reader: SourceReader,
    private readonly size: number,
    private readonly buffers: BufferCycle,
  ) {}

  /** Reads the next chunk; returns null after the last one. */
  async next(): Promise<PartChunk | null> {
    if (this.hasEnded || this.read === this.size) return null;
    const buffer = await this.buffers.next();
    const room = Math.min(buffer.length, this.size - this.read);
    const length = await this.reader.read(buffer.subarray(0, room));
    this.hasEnded = length < room;
    this.read += length;
    if (length > 0) return { number: (this.number += 1), buffer, bytes: buffer.subarray(0, length) };
    // The source ended exactly at the end of a chunk.
    this.buffers.release(buffer, Promise.resolve());
    return null;
  }

  /** Returns true when the source has bytes beyond the size that was announced. */
  async hasMore(): Promise<boolean> {
    return !this.hasEnded && (await this.reader.read(Buffer.alloc(1))) > 0;
  }
}
