import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { UploadedChunk } from './object-store.port';

/**
 * True when the stream is exactly these chunks, told by the hex digests that are their etags. It is how an adapter
 * knows a repeated completion from a conflict, so it reads the whole object; that is as rare as a crash between the
 * completion of an upload and the caller's note of it.
 */
export async function isMadeOf(
  content: Readable,
  chunks: readonly UploadedChunk[],
  algorithm: 'md5' | 'sha256',
): Promise<boolean> {
  const expected = chunks.values();
  let chunk = expected.next().value;
  let hash = createHash(algorithm);
  let left = chunk?.size ?? 0;
  for await (let bytes of content as AsyncIterable<Buffer>) {
    while (bytes.length > 0) {
      if (chunk === undefined) return false;
      const taken = Math.min(left, bytes.length);
      hash.update(bytes.subarray(0, taken));
      bytes = bytes.subarray(taken);
      left -= taken;
      if (left > 0) continue;
      if (hash.digest('hex') !== chunk.etag) return false;
      chunk = expected.next().value;
      hash = createHash(algorithm);
      left = chunk?.size ?? 0;
    }
  }
  return chunk === undefined;
}
