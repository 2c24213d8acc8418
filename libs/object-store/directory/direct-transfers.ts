import { constants } from 'node:fs';
import { type FileHandle, rm } from 'node:fs/promises';
import { alignedMemory } from '../buffers';
import { ObjectStoreError } from '../object-store.error';
import { failedWith, withFile, writeAt } from './file-system';

/** Position, length and memory of a direct transfer are multiples of this; disks require 512 or 4096. */
const BLOCK = 4096;
const READ_SIZE = 1024 * 1024;
/** Buffers of `READ_SIZE` that are kept for the next reader. */
const MOST_SPARE = 8;

/**
 * Transfers between memory and disk past the page cache (O_DIRECT of open(2)). A part is written once, read again soon,
 * and then not for months. In the cache, each transfer would cost a copy, and take memory from files that are in use.
 * Where the file system or the machine does not support O_DIRECT, the transfers go through the cache.
 */
export class DirectTransfers {
  /** The flag for open(2) of a file to `read` from; 0 until `tryOut` has found that it works. */
  flag = 0;
  private readonly spare: Buffer[] = [];

  /** Checks whether the file system supports direct transfers, with a temporary file at this path. */
  async tryOut(path: string): Promise<void> {
    const flag = constants.O_DIRECT ?? 0;
    const block = alignedMemory(BLOCK);
    try {
      await withFile(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | flag, async (file) => {
        await writeAt(file, block, 0);
        await file.read(block, 0, BLOCK, 0);
      });
      this.flag = flag;
    } catch (error) {
      if (!failedWith(error, 'EINVAL')) throw error;
    } finally {
      await rm(path, { force: true });
    }
  }

  /**
   * Writes into an existing file, and returns when the bytes are on the disk. The bytes are synced through the handle
   * that wrote them: the kernel reports a failed write-back only there.
   */
  async write(path: string, bytes: Uint8Array, position: number): Promise<void> {
    const whole = (await this.writeBlocks(path, bytes, position)) ? wholeBlocks(bytes.length) : 0;
    if (whole === bytes.length) return;
    await withFile(path, constants.O_WRONLY, async (file) => {
      await writeAt(file, bytes.subarray(whole), position + whole);
      await file.datasync();
    });
  }

  /**
   * Reads a file of this size that was opened with `flag`. A piece is valid until the next one is requested; the next
   * one is read meanwhile.
   */
  async *read(file: FileHandle, size: number): AsyncGenerator<Buffer, void> {
    let [next, other] = [this.memory(), this.memory()];
    let reading = readPiece(file, next, 0, size);
    try {
      for (let at = 0; at < size;) {
        const piece = await reading;
        if (piece.length === 0) {
          throw new ObjectStoreError('object-store.failed', `the object ends ${size - at} bytes early`);
        }
        at += piece.length;
        [next, other] = [other, next];
        if (at < size) reading = readPiece(file, next, at, size);
        // It may fail before it is awaited.
        reading.catch(() => undefined);
        yield piece;
      }
    } finally {
      await reading.catch(() => undefined);
      this.spare.push(...[next, other].slice(0, MOST_SPARE - this.spare.length));
    }
  }

  /** Writes the whole blocks of the bytes directly; false when that is impossible, as when memory is not aligned. */
  private async writeBlocks(path: string, bytes: Uint8Array, position: number): Promise<boolean> {
    if (this.flag === 0 || wholeBlocks(position) !== position) return false;
    try {
      // With O_DSYNC each write syncs itself, which saves the call of a later sync.
      await withFile(path, constants.O_WRONLY | constants.O_DSYNC | this.flag, (file) =>
        writeAt(file, bytes.subarray(0, wholeBlocks(bytes.length)), position),
      );
      return true;
    } catch (error) {
      if (failedWith(error, 'EINVAL')) return false;
      throw error;
    }
  }

  private memory(): Buffer {
    return this.spare.pop() ?? alignedMemory(READ_SIZE);
  }
}

function wholeBlocks(length: number): number {
  return length - (length % BLOCK);
}

/** Reads some bytes of a file from `at` on, up to `size`; none at its end. */
async function readPiece(file: FileHandle, into: Buffer, at: number, size: number): Promise<Buffer> {
  const begin = wholeBlocks(at);
  const wanted = Math.min(READ_SIZE, size - begin);
  const { bytesRead } = await file.read(into, 0, Math.ceil(wanted / BLOCK) * BLOCK, begin);
  return into.subarray(at - begin, Math.max(at - begin, Math.min(bytesRead, wanted)));
}
