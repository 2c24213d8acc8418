import { statfs } from 'node:fs/promises';

/**
 * Returns the bytes that a user without privileges can still write below a directory.
 * @throws the system's error when the directory cannot be read
 */
export async function freeSpace(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
