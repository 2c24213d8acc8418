const BLOCK = 1024 * 1024;
/** Pieces from this size on are passed through as they are. */
const LARGE = BLOCK / 2;

/**
 * Gathers a stream into pieces of about a mebibyte: a network hands out 64 KiB at a time, and every step behind costs
 * something a piece. A piece is valid until the next one is asked for.
 */
export async function* inBlocks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const block = Buffer.allocUnsafeSlow(BLOCK);
  let filled = 0;
  for await (const piece of source) {
    if (filled === 0 && piece.length >= LARGE) {
      yield piece;
      continue;
    }
    for (let rest = piece; rest.length > 0;) {
      const taken = rest.subarray(0, BLOCK - filled);
      block.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled < BLOCK) break;
      yield block;
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
