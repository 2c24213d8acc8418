import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { type ChunkSum, isMadeOf } from './same-content';

const chunksOf = (bytes: Buffer, size: number): { number: number; size: number; etag: string }[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => {
    const part = bytes.subarray(i * size, (i + 1) * size);
    return { number: i + 1, size: part.length, etag: createHash('md5').update(part).digest('hex') };
  });
const streamOf = (bytes: Buffer, size: number): Readable =>
  Readable.from(chunksOf(bytes, size).map(({ number }) => bytes.subarray((number - 1) * size, number * size)));

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((array) => Buffer.from(array));
const size = fc.integer({ min: 1, max: 12 });

const md5Sum = (): ChunkSum => {
  const hash = createHash('md5');
  return { update: (part) => void hash.update(part), etag: () => hash.digest('hex') };
};

describe('isMadeOf', () => {
  it('knows the content again, however stream and chunks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, size, size, async (content, chunkSize, readSize) => {
        expect(await isMadeOf(streamOf(content, readSize), chunksOf(content, chunkSize), md5Sum)).toBe(true);
      }),
    );
  });

  it('tells other content from it: a byte more, a byte less, a byte changed', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, size, size, fc.nat(), async (content, chunkSize, readSize, at) => {
        const changed = Buffer.from(content);
        changed.writeUInt8(content.readUInt8(at % content.length) ^ 1, at % content.length);
        const others = [
          changed,
          content.subarray(1),
          content.subarray(0, -1),
          Buffer.concat([content, Buffer.from('x')]),
        ];
        for (const other of others) {
          expect(await isMadeOf(streamOf(other, readSize), chunksOf(content, chunkSize), md5Sum)).toBe(false);
        }
      }),
    );
  });
});
