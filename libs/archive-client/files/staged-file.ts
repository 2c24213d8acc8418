import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unwritable } from './disk';
import type { Digest } from './hash-file';

/** Returns the name of an unfinished file: hidden, in the directory of the file it becomes. */
export function partialName(name: string): string {
  return `.${name}.partial`;
}

/** A new file that gets its name only once it is complete. */
export class StagedFile {
  private readonly staged: string;

  constructor(
    private readonly directory: string,
    private readonly name: string,
  ) {
    this.staged = join(directory, partialName(name));
  }

  get path(): string {
    return join(this.directory, this.name);
  }

  /**
   * Writes the whole content and flushes it to the disk; `onBytes` is called with the length of every chunk.
   * @throws what the content throws; ArchiveClientError `archive-client.disk-full`, `archive-client.cannot-write`
   */
  async write(content: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): Promise<Digest> {
    const file = await this.attempt(async () => {
      await rm(this.staged, { force: true });
      return open(this.staged, 'wx');
    });
    try {
      return await this.fill(file, content, onBytes);
    } finally {
      await file.close();
    }
  }

  private async fill(
    file: FileHandle,
    content: AsyncIterable<Uint8Array>,
    onBytes: (bytes: number) => void,
  ): Promise<Digest> {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of content) {
      hash.update(chunk);
      await this.attempt(() => file.writeFile(chunk));
      size += chunk.length;
      onBytes(chunk.length);
    }
    await this.attempt(() => file.sync());
    return { size, sha256: hash.digest('hex') };
  }

  /** Renames it to its final name, replacing a file of that name. */
  async publish(): Promise<void> {
    await this.attempt(() => rename(this.staged, this.path));
  }

  /** Removes the unfinished file; does nothing once it is published. */
  async discard(): Promise<void> {
    await rm(this.staged, { force: true });
  }

  private async attempt<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      throw unwritable(this.path, cause);
    }
  }
}

/** Flushes the names of a directory's files to the disk, so that they survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
