import { createHash } from 'node:crypto';
import {
  alignedMemory,
  ChunkedUpload,
  chunkSizeFor,
  ChunkWriter,
  OBJECT_STORE,
  type ObjectStore,
} from '@almagest/object-store';
import { failpoint } from '@almagest/platform';
import { type SourceReader, Sources, StreamReader } from '@almagest/sources';
import { TarReader } from '@almagest/tar';
import { Inject, Injectable } from '@nestjs/common';
import type { StagedAsdmRow } from '../requests/raw-request.entity';
import { AsdmError } from './asdm.error';
import { AsdmTree } from './asdm-tree';

/** Chunks in memory at the same time, one of which is being filled. */
const BUFFERS = 3;
/** Bytes that are read and processed at a time. */
const BLOCK = 1024 * 1024;

/** Receives the number of bytes read so far. */
export type OnProgress = (bytes: number) => void;

/** Transfers ASDMs from the bulk store to the staging area: each is read once, and hashed and checked meanwhile. */
@Injectable()
export class AsdmTransfer {
  constructor(
    private readonly sources: Sources,
    @Inject(OBJECT_STORE) private readonly staging: ObjectStore,
  ) {}

  /**
   * Stages one ASDM, or resumes where a killed run stopped. Its object becomes visible once it is verified: its size is
   * the posted one, the tar can be read, and its tree is that of §5.1.
   * @returns the SHA-256, hexadecimal
   * @throws AsdmError, SourceError, TarError, ObjectStoreError
   */
  async stage(row: StagedAsdmRow, signal: AbortSignal, onProgress: OnProgress): Promise<string> {
    const reading = new AsdmReading(row);
    if ((await this.staging.head(row.object_key)) !== null) {
      // A run that was killed before it recorded its success has staged it.
      await pass(new StreamReader(this.staging.scan(row.object_key, { signal })), reading, null, signal, onProgress);
      return reading.finish();
    }
    const chunkSize = chunkSizeFor(row.size);
    const buffers = Array.from({ length: BUFFERS }, () => alignedMemory(chunkSize));
    const upload = await ChunkedUpload.resume(this.staging, row.object_key, chunkSize);
    const writer = new ChunkWriter(upload, buffers);
    try {
      await pass(await this.sources.at(row.location, row.size).open(signal), reading, writer, signal, onProgress);
      const sha256 = reading.finish();
      await writer.finish();
      failpoint('request-handler.asdm-verified');
      await upload.complete();
      failpoint('request-handler.asdm-completed');
      return sha256;
    } finally {
      await writer.settle();
    }
  }

  /** Removes the object and the uploads of the ASDM's key. */
  async remove(row: Pick<StagedAsdmRow, 'object_key'>): Promise<void> {
    for await (const upload of this.staging.listUploads(row.object_key)) await this.staging.abortUpload(upload);
    await this.staging.delete(row.object_key);
  }
}

/** Finds out everything about an ASDM in one pass over its bytes. */
class AsdmReading {
  private readonly hash = createHash('sha256');
  private readonly tree: AsdmTree;
  private readonly tar: TarReader;
  private bytes = 0;

  constructor(private readonly row: StagedAsdmRow) {
    this.tree = new AsdmTree({ executionBlock: row.execution_block, unpacksTo: row.unpacks_to });
    this.tar = new TarReader({ onEntry: (entry) => this.tree.entry(entry) });
  }

  /** @returns the bytes read so far */
  take(block: Uint8Array): number {
    this.bytes += block.length;
    if (this.bytes > this.row.size) throw this.otherSize('more');
    this.hash.update(block);
    this.tar.write(block);
    if (this.bytes > this.row.size / 2) failpoint('request-handler.mid-asdm');
    return this.bytes;
  }

  finish(): string {
    if (this.bytes !== this.row.size) throw this.otherSize(`${this.bytes} bytes`);
    this.tar.end();
    this.tree.finish();
    return this.hash.digest('hex');
  }

  private otherSize(found: string): AsdmError {
    return new AsdmError(
      'raw.size',
      'the size of the ASDM is not the one that was posted',
      `${this.row.size} bytes`,
      found,
    );
  }
}

async function pass(
  reader: SourceReader,
  reading: AsdmReading,
  writer: ChunkWriter | null,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<void> {
  const block = Buffer.allocUnsafeSlow(BLOCK);
  try {
    for (let length = BLOCK; length === BLOCK;) {
      length = await reader.read(block);
      signal.throwIfAborted();
      const read = reading.take(block.subarray(0, length));
      await writer?.write(block.subarray(0, length));
      onProgress(read);
    }
  } finally {
    await reader.close();
  }
}
