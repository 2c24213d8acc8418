import fc from 'fast-check';
import {
  MAX_CHUNKS,
  MAX_CHUNK_SIZE,
  MAX_OBJECT_SIZE,
  MIN_CHUNK_SIZE,
  checkChunkList,
  chunkSizeFor,
  totalSize,
} from './chunk-rules';

const MIB = 1024 * 1024;

describe('chunkSizeFor', () => {
  it.each([
    ['8 MiB of a small object', 0, 8],
    ['a 64th of a larger one', 640 * MIB, 10],
    ['a 64th in whole MiB', 640 * MIB - 1, 9],
    ['16 MiB of a large one', 16 * MIB * MAX_CHUNKS, 16],
    ['more where there were too many of these', 16 * MIB * MAX_CHUNKS + 1, 17],
  ])('is %s', (_, size, mebibytes) => {
    expect(chunkSizeFor(size)).toBe(mebibytes * MIB);
  });

  it('finds a size that every store takes for every object that can be', () => {
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

  it('puts the chunks of a whole object in order', () => {
    const ordered = checkChunkList([chunk(3, 7), chunk(1), chunk(2)], MIN_CHUNK_SIZE);
    expect(ordered.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(totalSize(ordered)).toBe(2 * MIN_CHUNK_SIZE + 7);
  });

  it.each([
    ['nothing', [], 'without a chunk'],
    ['a gap', [chunk(1), chunk(3)], 'chunk 2 is missing'],
    ['no beginning', [chunk(2)], 'chunk 1 is missing'],
    ['a number twice', [chunk(1), chunk(1)], 'chunk 2 is missing or named twice'],
    ['a short chunk inside', [chunk(1, 5), chunk(2)], 'chunk 1 has 5 of 5242880 bytes'],
    ['a chunk too long', [chunk(1, MIN_CHUNK_SIZE + 1)], 'chunk 1 has 5242881 bytes'],
    ['an empty chunk', [chunk(1), chunk(2, 0)], 'chunk 2 has 0 bytes'],
  ])('refuses %s', (_, chunks, message) => {
    expect(() => checkChunkList(chunks, MIN_CHUNK_SIZE)).toThrow(message);
  });
});
