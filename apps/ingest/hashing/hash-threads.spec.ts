import { createHash, randomBytes } from 'node:crypto';
import { alignedMemory, chunkSum } from '@almagest/object-store';
import fc from 'fast-check';
import { HashThreads, PartHashes } from './hash-threads';

const sha256 = (...pieces: Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
};

const SIZE = 1024 * 1024;

describe('PartHashes', () => {
  const buffers = [alignedMemory(SIZE), alignedMemory(SIZE), alignedMemory(SIZE)];
  let hashes: PartHashes;
  let digests: string[];
  beforeEach(() => {
    hashes = new PartHashes((ended) => ended.close());
    hashes.use(buffers);
    digests = [];
  });
  afterEach(() => hashes.close());

  const endMember = (): void => hashes.endMember((digest) => void digests.push(digest));
  /** Copies bytes into one of the buffers. */
  const placed = (bytes: Uint8Array, at = 0, index = 0): Buffer => {
    const place = (buffers[index] ?? Buffer.alloc(0)).subarray(at, at + bytes.length);
    if (bytes.length > 0) place.fill(bytes);
    return place;
  };

  it('returns the SHA-256 of a part and of each of its members', async () => {
    const chunk = placed(Buffer.from('.abc..de.'), 1).subarray(1);
    hashes.beginChunk(chunk);
    hashes.updateMember(chunk.subarray(0, 3));
    endMember();
    endMember();
    hashes.updateMember(chunk.subarray(5, 6));
    hashes.updateMember(chunk.subarray(6, 7));
    endMember();
    hashes.flushMembers();
    expect(await hashes.finish()).toBe(sha256(chunk));
    expect(digests).toEqual([sha256(Buffer.from('abc')), sha256(), sha256(Buffer.from('de'))]);
  });

  it('does so for any layout of members and chunks, and returns the CRC-32 of each chunk', async () => {
    const length = fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: SIZE - 1000, max: 3 * SIZE }));
    const stretch = fc.record({ member: length, gap: fc.integer({ min: 0, max: 1_000 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { maxLength: 5 }), async (stretches) => {
        digests = [];
        const part = randomBytes(stretches.reduce((sum, { member, gap }) => sum + member + gap, 0));
        let at = 0;
        const members = stretches.map(({ member, gap }) => {
          at += member + gap;
          return { start: at - member - gap, end: at - gap };
        });
        const chunks = Array.from({ length: Math.ceil(part.length / SIZE) }, (_, i) =>
          part.subarray(i * SIZE, (i + 1) * SIZE),
        );
        const sums = await passThrough(chunks, members);
        expect(await hashes.finish()).toBe(sha256(part));
        expect(digests).toEqual(members.map(({ start, end }) => sha256(part.subarray(start, end))));
        expect(sums).toEqual(chunks.map(chunkSum));
      }),
      { numRuns: 20 },
    );
  });

  /** Hashes a part, as many chunks at a time as there are buffers; returns the CRC-32 of each chunk. */
  async function passThrough(
    chunks: readonly Uint8Array[],
    members: readonly { start: number; end: number }[],
  ): Promise<string[]> {
    const sums: Promise<string>[] = [];
    const left = [...members];
    let at = 0;
    for (const [index, bytes] of chunks.entries()) {
      await sums[index - buffers.length];
      const chunk = placed(bytes, 0, index % buffers.length);
      hashes.beginChunk(chunk);
      for (let member = left[0]; member !== undefined && member.start <= at + chunk.length; member = left[0]) {
        const own = chunk.subarray(Math.max(0, member.start - at), Math.max(0, member.end - at));
        if (own.length > 0) hashes.updateMember(own);
        if (member.end > at + chunk.length) break;
        endMember();
        left.shift();
      }
      hashes.flushMembers();
      at += chunk.length;
      sums.push(hashes.chunkDone());
    }
    // An empty part has no chunk that these could end in.
    for (const _member of left) endMember();
    return Promise.all(sums);
  }

  it('treats bytes outside the buffers as the zeros of a hole', async () => {
    const chunk = placed(Buffer.from('ab'));
    const zeros = Buffer.alloc(100_000);
    hashes.beginChunk(chunk);
    hashes.updateMember(chunk.subarray(0, 1));
    for (let i = 0; i < 3; i++) hashes.updateMember(zeros);
    hashes.updateMember(chunk.subarray(1));
    endMember();
    hashes.flushMembers();
    await hashes.finish();
    expect(digests).toEqual([sha256(Buffer.from('a'), zeros, zeros, zeros, Buffer.from('b'))]);
  });

  it('hashes thousands of empty files', async () => {
    for (let file = 0; file < 10_000; file++) endMember();
    await hashes.finish();
    expect(digests).toHaveLength(10_000);
    expect(new Set(digests)).toEqual(new Set([sha256()]));
  });

  it('begins every part with fresh hashes, also after a truncated member', async () => {
    const chunk = placed(Buffer.from('abc'));
    hashes.beginChunk(chunk);
    hashes.updateMember(chunk);
    hashes.flushMembers();
    await hashes.finish();
    hashes.beginChunk(chunk);
    hashes.updateMember(chunk.subarray(1));
    endMember();
    hashes.flushMembers();
    expect(await hashes.finish()).toBe(sha256(chunk));
    expect(digests).toEqual([sha256(Buffer.from('bc'))]);
  });

  it('fails instead of waiting for a thread that has ended', async () => {
    await hashes.close();
    await expect(hashes.chunkDone()).rejects.toThrow('the hashing thread has ended');
    await expect(hashes.finish()).rejects.toThrow('the hashing thread has ended');
  });
});

describe('HashThreads', () => {
  const threads = new HashThreads();
  afterAll(() => threads.onApplicationShutdown());

  it('keeps threads for the next part, except those that a failure left in the middle of a part', async () => {
    const buffers = [alignedMemory(8)];
    const [buffer = Buffer.alloc(0)] = buffers;
    const first = threads.acquire(buffers);
    await first[Symbol.asyncDispose]();
    const failed = (async () => {
      await using hashes = threads.acquire(buffers);
      expect(hashes).toBe(first);
      hashes.beginChunk(buffer);
      throw new Error('failed');
    })();
    await expect(failed).rejects.toThrow('failed');
    await using next = threads.acquire(buffers);
    expect(next).not.toBe(first);
  });
});
