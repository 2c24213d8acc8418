import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../submission/hash-file';
import { unwritable } from './disk';

/** The name of a file that is not whole yet: hidden, beside the one it will have. */
export function partialName(name: string): string {
  return `.${name}.partial`;
}

/** A new file that appears under its name only when it is whole. */
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
   * Writes all of its content, to the disk and not only to its cache; `onBytes` hears of every chunk.
   * @throws what the content throws; CliError `cli.disk-full`, `cli.cannot-write`
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

  /** Gives it its name, in place of a file that had it. */
  async publish(): Promise<void> {
    await this.attempt(() => rename(this.staged, this.path));
  }

  /** Removes what is not whole; nothing once it is published. */
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

/** Makes the names of files in a directory last through a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
