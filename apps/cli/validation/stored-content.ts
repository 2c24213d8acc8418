import { createReadStream } from 'node:fs';
import { join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import type { ImageFile } from '@almagest/delivery';
import { storedContent } from '@almagest/tar';
import type { FileLog } from './file-log';

const CHUNK = 1024 * 1024;

/** The bytes of an image of the delivery, to be read again: from disk, or out of its part. */
export async function openImage(
  log: FileLog,
  { part, path }: ImageFile,
  treePrefix: string,
  signal: AbortSignal,
): Promise<Readable> {
  const { size, offset, segments } = log.image(part, path);
  const onDisk = log.pathOf(part);
  const options = { highWaterMark: CHUNK, signal };
  if (offset === null) return createReadStream(join(onDisk, relative(treePrefix, path)), options);
  return storedContent({ offset, segments }, { start: 0, end: size - 1 }, (stored) =>
    createReadStream(onDisk, { ...stored, ...options }),
  );
}
