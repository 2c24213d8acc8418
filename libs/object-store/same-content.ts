import type { Readable } from 'node:stream';
import type { UploadedChunk } from './object-store.port';

/** What makes an etag out of a chunk's bytes as they pass. */
export interface ChunkSum {
  update(bytes: Uint8Array): void;
  /** Ends it. */
  etag(): string;
}

/**
 * True when the stream is exactly these chunks, told by their etags. It is how an adapter knows a repeated completion
 * from a conflict, so it reads the whole object; that is as rare as a crash between the completion of an upload and the
 * caller's note of it.
 */
export async function isMadeOf(
  content: Readable,
  chunks: readonly UploadedChunk[],
  begin: () => ChunkSum,
): Promise<boolean> {
  const expected = chunks.values();
  let chunk = expected.next().value;
  let sum = begin();
  let left = chunk?.size ?? 0;
  for await (let bytes of content as AsyncIterable<Buffer>) {
    while (bytes.length > 0) {
      if (chunk === undefined) return false;
      const taken = Math.min(left, bytes.length);
      sum.update(bytes.subarray(0, taken));
      bytes = bytes.subarray(taken);
      left -= taken;
      if (left > 0) continue;
      if (sum.etag() !== chunk.etag) return false;
      chunk = expected.next().value;
      sum = begin();
      left = chunk?.size ?? 0;
    }
  }
  return chunk === undefined;
}
