import { constants } from 'node:fs';
import { type FileHandle, rm } from 'node:fs/promises';
import { alignedMemory } from '../aligned-memory';
import { ObjectStoreError } from '../object-store.error';
import { withFile, writeAt } from './durable-file';
import { failedWith } from './fs-error';

/** Place in the file, length and memory of a direct transfer are multiples of this; disks ask for 512 or 4096. */
const BLOCK = 4096;
const READ_SIZE = 1024 * 1024;
/** Memory of `READ_SIZE` that is kept for the next reader. */
const MOST_SPARE = 8;

/**
 * Transfers between memory and disk past the page cache (O_DIRECT of open(2)): a part is written once, read again soon
 * and then for months not; in the cache it would cost a copy each time, and the memory of files that are in use. Where
 * the file system or the machine has no such thing, transfers are the ordinary ones.
 */
export class DirectTransfers {
  /** For open(2), when the file is one to `read` from; 0 until `tryOut` has found that it works. */
  flag = 0;
  private readonly spare: Buffer[] = [];

  /** Finds out whether the file system has direct transfers, by means of a new file that is removed again. */
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
   * Writes into a file that is there, and returns when the bytes are on the disk. They are synced through the handle
   * they were written by: only that one is told of a failed write-back.
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
   * The bytes of a file of this size that was opened with `flag`. A piece is good until the next one is asked for, which
   * is read meanwhile.
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
        // It may fail before it is waited for.
        reading.catch(() => undefined);
        yield piece;
      }
    } finally {
      await reading.catch(() => undefined);
      this.spare.push(...[next, other].slice(0, MOST_SPARE - this.spare.length));
    }
  }

  /** Writes the whole blocks of the bytes directly; false when that cannot be: their memory may not be aligned. */
  private async writeBlocks(path: string, bytes: Uint8Array, position: number): Promise<boolean> {
    if (this.flag === 0 || wholeBlocks(position) !== position) return false;
    try {
      // Each write is its own sync: one call to the disk less than asking for it afterwards.
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

/** Some bytes of a file from `at` on, up to `size`; none where it has ended. */
async function readPiece(file: FileHandle, into: Buffer, at: number, size: number): Promise<Buffer> {
  const begin = wholeBlocks(at);
  const wanted = Math.min(READ_SIZE, size - begin);
  const { bytesRead } = await file.read(into, 0, Math.ceil(wanted / BLOCK) * BLOCK, begin);
  return into.subarray(at - begin, Math.max(at - begin, Math.min(bytesRead, wanted)));
}
