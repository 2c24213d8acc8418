import { constants } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from '@node-rs/crc32';
import { type ChunkSum, sumText, totalSize } from '../chunks';
import { ObjectStoreError } from '../object-store.error';
import type { UploadedChunk } from '../object-store.port';
import type { DirectTransfers } from './direct-transfers';
import { append, createDurably, FOLDER_MODE, readAt, syncFolder, withFile } from './file-system';
import {
  decodeEntry,
  decodeHeader,
  encodeEntry,
  encodeHeader,
  type JournalEntry,
  type UploadHeader,
} from './upload-journal';

const LINE_FEED = 0x0a;
const MAX_HEADER_LENGTH = 2048;
const READ_SIZE = 64 * 1024;
/** Bytes that are compared at a time. */
const COMPARE_SIZE = 1024 * 1024;

/**
 * A chunk's etag is its CRC-32. It distinguishes the versions of a chunk, and detects accidental changes. Whether the
 * bytes are the right ones is for the caller to check, with the digests it computes anyway.
 */
export function etagSum(): ChunkSum {
  let sum = 0;
  return {
    update: (bytes) => {
      sum = crc32(bytes, sum);
    },
    etag: () => sumText(sum),
  };
}

/**
 * The folder of one unfinished upload: `data`, with chunk n at (n - 1) x chunk size, and `journal`, which names the
 * chunks whose bytes are known to be on the disk. `PUT.md` describes what is durable at which step.
 *
 * The files are opened again for each chunk. So a writer that lost its lease finds the folder missing once its successor
 * has completed the upload, and cannot write into the stored object.
 */
export class StagedUpload {
  private readonly chunks = new Map<number, UploadedChunk>();
  /** The position up to which the journal has been read; always the beginning of a line. */
  private offset = 0;
  /** The latest read of the journal. */
  private reading: Promise<void> | undefined;
  private readonly writing = new Map<number, Promise<UploadedChunk>>();

  private constructor(
    private readonly folder: string,
    readonly header: UploadHeader,
    private readonly transfers: DirectTransfers,
  ) {}

  /** Creates the folder of a new upload. It appears under its name only when it is complete. */
  static async create(folder: string, header: UploadHeader): Promise<void> {
    const draft = `${folder}.new`;
    await mkdir(draft, FOLDER_MODE);
    try {
      await createDurably(join(draft, 'data'), new Uint8Array());
      await createDurably(join(draft, 'journal'), Buffer.from(encodeHeader(header)));
      await syncFolder(draft);
      await rename(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
    await syncFolder(dirname(folder));
  }

  /** Opens the folder of an upload; null when it has no readable header. */
  static async open(folder: string, transfers: DirectTransfers): Promise<StagedUpload | null> {
    const text = await withFile(join(folder, 'journal'), constants.O_RDONLY, async (journal) => {
      const { buffer, bytesRead } = await journal.read(Buffer.alloc(MAX_HEADER_LENGTH), 0, MAX_HEADER_LENGTH, 0);
      return buffer.toString('latin1', 0, bytesRead);
    });
    const header = decodeHeader(text.split('\n', 1)[0] ?? '');
    return header === null ? null : new StagedUpload(folder, header, transfers);
  }

  get dataPath(): string {
    return join(this.folder, 'data');
  }

  /** Returns the durable chunks, whichever process wrote them. */
  async durableChunks(): Promise<ReadonlyMap<number, UploadedChunk>> {
    const before = this.reading?.catch(() => undefined);
    this.reading = (async () => {
      await before;
      await this.readJournal();
    })();
    await this.reading;
    return this.chunks;
  }

  /** Writes a chunk and returns when it is durable. Writes of the same number run one after another. */
  async write(number: number, bytes: Uint8Array, sum: string): Promise<UploadedChunk> {
    const before = this.writing.get(number) ?? Promise.resolve();
    const mine = before.then(
      () => this.writeAlone(number, bytes, sum),
      () => this.writeAlone(number, bytes, sum),
    );
    this.writing.set(number, mine);
    try {
      return await mine;
    } finally {
      if (this.writing.get(number) === mine) this.writing.delete(number);
    }
  }

  /** Whether a chunk has these bytes; compares the bytes themselves. */
  async holds({ number, size, etag }: UploadedChunk, bytes: Uint8Array): Promise<boolean> {
    const held = (await this.durableChunks()).get(number);
    if (held?.size !== size || held.etag !== etag || size !== bytes.length) return false;
    return withFile(this.dataPath, constants.O_RDONLY, async (data) => {
      const buffer = Buffer.allocUnsafe(COMPARE_SIZE);
      for (let done = 0; done < size; done += COMPARE_SIZE) {
        const expected = bytes.subarray(done, done + COMPARE_SIZE);
        const found = await readAt(data, buffer.subarray(0, expected.length), this.positionOf(number) + done);
        if (!found.equals(expected)) return false;
      }
      return true;
    });
  }

  /**
   * Whether the data is an object already: a crash occurred after it was linked and before this folder was removed. The
   * data must not be changed then.
   */
  async isPublished(): Promise<boolean> {
    return (await lstat(this.dataPath)).nlink > 1;
  }

  /**
   * Truncates the data to these chunks and syncs it, so that it can become the object.
   * @throws ObjectStoreError `object-store.chunk-missing` when the journal does not record one of them
   */
  async seal(chunks: readonly UploadedChunk[]): Promise<void> {
    const dropped = new Set((await this.durableChunks()).keys());
    for (const { number, size, etag } of chunks) {
      const held = this.chunks.get(number);
      if (held?.size !== size || held.etag !== etag) {
        throw new ObjectStoreError(
          'object-store.chunk-missing',
          `the upload has no chunk ${number} with this size and etag`,
        );
      }
      dropped.delete(number);
    }
    await Promise.all([...dropped].map((number) => this.record({ kind: 'void', number })));
    await withFile(this.dataPath, constants.O_RDWR, async (data) => {
      const size = totalSize(chunks);
      if ((await data.stat()).size < size) {
        throw new ObjectStoreError(
          'object-store.failed',
          `the staged data of ${this.header.key} was truncated by another program`,
        );
      }
      await data.truncate(size);
      await data.sync();
    });
  }

  private async writeAlone(number: number, bytes: Uint8Array, sum: string): Promise<UploadedChunk> {
    // An upload has one writer: the journal is read when the upload is resumed, and later lines are this writer's own.
    await (this.reading ?? this.durableChunks());
    const known = this.chunks.get(number);
    if (known !== undefined && (await this.holds(known, bytes))) return known;
    if (await this.isPublished()) {
      throw new ObjectStoreError('object-store.upload-not-found', `the upload of ${this.header.key} is completed`);
    }
    if (known !== undefined) {
      // After a crash while the bytes are overwritten, the old line must not count.
      await this.record({ kind: 'void', number });
    }
    await this.transfers.write(this.dataPath, bytes, this.positionOf(number));
    const chunk = { number, size: bytes.length, etag: sum };
    await this.record({ kind: 'chunk', chunk });
    return chunk;
  }

  private positionOf(number: number): number {
    return (number - 1) * this.header.chunkSize;
  }

  /**
   * Appends a line. A power cut may lose the line of a chunk: the chunk is then written again. It must not lose a line
   * that voids a chunk.
   */
  private async record(entry: JournalEntry): Promise<void> {
    // The leading line feed ends a line that a crash may have truncated.
    await append(join(this.folder, 'journal'), `\n${encodeEntry(entry)}`, { durably: entry.kind === 'void' });
    this.apply(entry);
  }

  /** Reads the lines that were added since the last read, by this process or another one. */
  private async readJournal(): Promise<void> {
    await withFile(join(this.folder, 'journal'), constants.O_RDONLY, async (journal) => {
      const buffer = Buffer.alloc(READ_SIZE);
      for (;;) {
        const { bytesRead } = await journal.read(buffer, 0, READ_SIZE, this.offset);
        const end = buffer.subarray(0, bytesRead).lastIndexOf(LINE_FEED) + 1;
        if (end === 0) return;
        for (const line of buffer.toString('latin1', 0, end).split('\n')) this.apply(decodeEntry(line));
        this.offset += end;
      }
    });
  }

  private apply(entry: JournalEntry | null): void {
    if (entry?.kind === 'chunk') this.chunks.set(entry.chunk.number, entry.chunk);
    if (entry?.kind === 'void') this.chunks.delete(entry.number);
  }
}
