import { type FileHandle, readlink, realpath, stat } from 'node:fs/promises';

/**
 * Returns the path of the file that is open, without links: a folder of the path that led to it may have been exchanged
 * for a link meanwhile. Linux knows the path of an open file. Elsewhere `path` is resolved once more, which leaves a
 * window of microseconds; null when another file is there by now.
 */
export async function openedPath(file: FileHandle, path: string): Promise<string | null> {
  const known = await readlink(`/proc/self/fd/${file.fd}`).catch(() => null);
  if (known !== null) return known;
  const [opened, resolved] = [await file.stat({ bigint: true }), await realpath(path)];
  const { dev, ino } = await stat(resolved, { bigint: true });
  return dev === opened.dev && ino === opened.ino ? resolved : null;
}
