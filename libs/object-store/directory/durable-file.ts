import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Never through a symbolic link in the last place of the path. */
export const NO_FOLLOW = constants.O_NOFOLLOW;

/** Opens a file for the length of one piece of work. */
export async function withFile<T>(path: string, flags: number, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags | NO_FOLLOW);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** Makes a new file of these bytes, on the disk when it returns (its name is so only after `syncFolder`). */
export async function createDurably(path: string, bytes: Uint8Array): Promise<void> {
  await withFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, async (file) => {
    await writeAt(file, bytes, 0);
    await file.sync();
  });
}

/** Adds text to the end of a file; `durably`: it is on the disk when this returns. */
export async function append(path: string, text: string, { durably }: { durably: boolean }): Promise<void> {
  await withFile(path, constants.O_WRONLY | constants.O_APPEND, async (file) => {
    await file.appendFile(text);
    if (durably) await file.datasync();
  });
}

/** Writes all the bytes at a position; a single write may take fewer. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Fills the buffer from a position; what is given back is shorter where the file ends. */
export async function readAt(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/** Makes the names in a folder durable: without it a power cut may undo a rename or a link. */
export async function syncFolder(path: string): Promise<void> {
  await withFile(path, constants.O_RDONLY | constants.O_DIRECTORY, (folder) => folder.sync());
}
