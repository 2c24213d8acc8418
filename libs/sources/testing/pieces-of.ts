import type { Source } from '../source';

/** Reads a source in pieces of at most `size` bytes, until the consumer stops. */
export async function* piecesOf(source: Source, signal: AbortSignal, size = 100_000): AsyncGenerator<Buffer, void> {
  const reader = await source.open(signal);
  try {
    for (;;) {
      const piece = Buffer.alloc(size);
      const length = await reader.read(piece);
      if (length > 0) yield piece.subarray(0, length);
      if (length < size) return;
    }
  } finally {
    await reader.close();
  }
}
