import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import type { FitsSource } from '@almagest/fits';
import type { FileLog, StoredFile } from './file-log';

const CHUNK = 1024 * 1024;
const ZEROS = Buffer.alloc(64 * 1024);

/** The content of an image of the delivery, to be read again: from disk, or out of its part. */
export function imageSource(
  log: FileLog,
  container: number,
  path: string,
  treePrefix: string,
  signal: AbortSignal,
): FitsSource {
  const image = log.image(container, path);
  const onDisk = log.pathOf(container);
  return {
    compression: path.endsWith('.gz') ? 'gzip' : 'none',
    open: () =>
      image.offset === null
        ? createReadStream(join(onDisk, relative(treePrefix, path)), { highWaterMark: CHUNK, signal })
        : memberContent(onDisk, image, image.offset, signal),
  };
}

/** The logical content of a tar member: the holes of a sparse one come as zeros. */
export function memberContent(
  part: string,
  { size, segments }: Pick<StoredFile, 'size' | 'segments'>,
  offset: number,
  signal: AbortSignal,
): Readable {
  if (segments !== null) return Readable.from(sparseContent(part, size, segments), { signal, objectMode: false });
  if (size === 0) return Readable.from([]);
  return createReadStream(part, { start: offset, end: offset + size - 1, highWaterMark: CHUNK, signal });
}

async function* sparseContent(
  part: string,
  size: number,
  segments: NonNullable<StoredFile['segments']>,
): AsyncGenerator<Buffer> {
  const handle = await open(part, 'r');
  try {
    let logical = 0;
    for (const { at, offset, length } of segments) {
      yield* zeros(at - logical);
      yield* stretch(handle, offset, length);
      logical = at + length;
    }
    yield* zeros(size - logical);
  } finally {
    await handle.close();
  }
}

function* zeros(length: number): Generator<Buffer> {
  for (let left = length; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, left);
}

async function* stretch(handle: FileHandle, offset: number, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < length;) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, length - at));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, offset + at);
    if (bytesRead === 0) throw new Error('the part became shorter while it was read');
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
