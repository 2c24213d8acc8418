import fc from 'fast-check';
import { StreamReader } from './source';

/** Yields each piece in memory that the next one overwrites. */
async function* streamOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  const memory = Buffer.alloc(1_000);
  for (const piece of pieces) {
    memory.set(piece);
    yield memory.subarray(0, piece.length);
  }
}

describe('StreamReader', () => {
  it('fills memory of any size, until the stream ends', async () => {
    const piece = fc.uint8Array({ maxLength: 1_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.integer({ min: 1, max: 2_500 }), async (pieces, size) => {
        const reader = new StreamReader(streamOf(pieces));
        const got: Buffer[] = [];
        let length = size;
        while (length === size) {
          const into = Buffer.alloc(size);
          length = await reader.read(into);
          got.push(into.subarray(0, length));
        }
        expect(Buffer.concat(got).equals(Buffer.concat(pieces))).toBe(true);
        expect(await reader.read(Buffer.alloc(1))).toBe(0);
      }),
    );
  });

  it('closes a stream that was not read to its end', async () => {
    let isClosed = false;
    const stream = (async function* () {
      try {
        for (;;) yield Buffer.from('abc');
      } finally {
        isClosed = true;
      }
    })();
    const reader = new StreamReader(stream);
    expect(await reader.read(Buffer.alloc(2))).toBe(2);
    await reader.close();
    expect(isClosed).toBe(true);
  });
});
