import fc from 'fast-check';
import { inBlocks } from './blocks';

const MIB = 1024 * 1024;

async function* streamOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function collect(blocks: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const copies: Buffer[] = [];
  for await (const block of blocks) copies.push(Buffer.from(block));
  return copies;
}

describe('inBlocks', () => {
  it('hands on the same bytes, in pieces of a mebibyte at most unless they came larger', async () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: MIB / 2 - 1, max: MIB + 1 }));
    const pieces = fc.array(
      size.map((length) => Buffer.alloc(length, `${length}`)),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(pieces, async (given) => {
        const blocks = await collect(inBlocks(streamOf(given)));
        expect(Buffer.concat(blocks).equals(Buffer.concat(given))).toBe(true);
        expect(Math.max(0, ...blocks.map(({ length }) => length))).toBeLessThanOrEqual(MIB + 1);
      }),
      { numRuns: 50 },
    );
  });

  it('gathers what comes in small pieces', async () => {
    const blocks = await collect(inBlocks(streamOf(Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024)))));
    expect(blocks.map(({ length }) => length)).toEqual([MIB, MIB, MIB / 2]);
  });
});
