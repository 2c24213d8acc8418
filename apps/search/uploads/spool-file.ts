import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DomainError } from '@almagest/platform';

/** Bytes of all files of this process together at most. */
const MOST_BYTES = 2 * 1024 ** 3;
let allBytes = 0;

/** Bytes from outside on the disk. The file has no name, so that the system frees it even if the process is killed. */
export class SpoolFile {
  private written = 0;

  private constructor(private readonly handle: FileHandle) {}

  static async create(): Promise<SpoolFile> {
    const path = join(tmpdir(), `almagest-search-${randomUUID()}`);
    const handle = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new SpoolFile(handle);
  }

  /** Bytes. */
  get size(): number {
    return this.written;
  }

  /** The number of the open file, for a thread that reads it. */
  get descriptor(): number {
    return this.handle.fd;
  }

  /**
   * Appends bytes; one call at a time.
   * @throws DomainError `search.too-many-uploads` when the files of all callers have as much as they may
   */
  async append(bytes: Uint8Array): Promise<void> {
    if (allBytes + bytes.length > MOST_BYTES) {
      const message = 'The archive stores as many uploads as it can; try again later';
      throw new DomainError('unavailable', 'search.too-many-uploads', message, { headers: { 'Retry-After': '10' } });
    }
    allBytes += bytes.length;
    let from = 0;
    while (from < bytes.length) {
      const { bytesWritten } = await this.handle.write(bytes, from, bytes.length - from, this.written);
      from += bytesWritten;
      this.written += bytesWritten;
    }
  }

  /** Returns a stream of everything; several can be open at the same time. */
  open(): Readable {
    return this.handle.createReadStream({ start: 0, autoClose: false });
  }

  /** Returns the bytes from `start` up to, not including, `end`. */
  async read(start: number, end: number): Promise<Buffer> {
    const bytes = Buffer.alloc(Math.max(0, Math.min(end, this.written) - start));
    const { bytesRead } = await this.handle.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  }

  /** Frees the disk. */
  async close(): Promise<void> {
    allBytes -= this.written;
    await this.handle.close();
  }
}
