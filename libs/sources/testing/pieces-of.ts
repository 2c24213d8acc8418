import type { Source } from '../source';

/** The bytes of a source in pieces of at most `size`, until the consumer has enough. */
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
