import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import {
  checkChunkList,
  chunkSizeFor,
  type ChunkSum,
  isMadeOf,
  MAX_CHUNK_SIZE,
  MAX_CHUNKS,
  MAX_OBJECT_SIZE,
  MIN_CHUNK_SIZE,
  totalSize,
} from './chunks';

const MIB = 1024 * 1024;

describe('chunkSizeFor', () => {
  it.each([
    ['8 MiB of a small object', 0, 8],
    ['a 64th of a larger object', 640 * MIB, 10],
    ['a 64th in whole MiB', 640 * MIB - 1, 9],
    ['16 MiB of a large object', 16 * MIB * MAX_CHUNKS, 16],
    ['more where 16 MiB would make too many chunks', 16 * MIB * MAX_CHUNKS + 1, 17],
  ])('is %s', (_, size, mebibytes) => {
    expect(chunkSizeFor(size)).toBe(mebibytes * MIB);
  });

  it('finds a size that every store accepts for every valid object', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_OBJECT_SIZE }), (size) => {
        const chunkSize = chunkSizeFor(size);
        expect(Math.ceil(size / chunkSize)).toBeLessThanOrEqual(MAX_CHUNKS);
        expect(chunkSize).toBeGreaterThanOrEqual(MIN_CHUNK_SIZE);
        expect(chunkSize).toBeLessThanOrEqual(MAX_CHUNK_SIZE);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN, MAX_OBJECT_SIZE + 1])('refuses an object of %p bytes', (size) => {
    expect(() => chunkSizeFor(size)).toThrow('bytes cannot be stored');
  });
});

describe('checkChunkList', () => {
  const chunk = (number: number, size = MIN_CHUNK_SIZE): { number: number; size: number; etag: string } => ({
    number,
    size,
    etag: 'e',
  });

  it('returns the chunks of a complete object in order', () => {
    const ordered = checkChunkList([chunk(3, 7), chunk(1), chunk(2)], MIN_CHUNK_SIZE);
    expect(ordered.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(totalSize(ordered)).toBe(2 * MIN_CHUNK_SIZE + 7);
  });

  it.each([
    ['an empty list', [], 'without a chunk'],
    ['a gap', [chunk(1), chunk(3)], 'chunk 2 is missing'],
    ['a missing first chunk', [chunk(2)], 'chunk 1 is missing'],
    ['a duplicate number', [chunk(1), chunk(1)], 'chunk 2 is missing or named twice'],
    ['a short chunk before the last', [chunk(1, 5), chunk(2)], 'chunk 1 has 5 of 5242880 bytes'],
    ['a chunk that is too long', [chunk(1, MIN_CHUNK_SIZE + 1)], 'chunk 1 has 5242881 bytes'],
    ['an empty chunk', [chunk(1), chunk(2, 0)], 'chunk 2 has 0 bytes'],
  ])('refuses %s', (_, chunks, message) => {
    expect(() => checkChunkList(chunks, MIN_CHUNK_SIZE)).toThrow(message);
  });
});

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
  it('recognises the same content, however the stream and the chunks are split', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, size, size, async (content, chunkSize, readSize) => {
        expect(await isMadeOf(streamOf(content, readSize), chunksOf(content, chunkSize), md5Sum)).toBe(true);
      }),
    );
  });

  it('rejects other content: one byte more, one byte less, one byte changed', async () => {
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
