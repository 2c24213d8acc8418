import { createHash, randomBytes } from 'node:crypto';
import { alignedMemory, chunkSum } from '@almagest/object-store';
import fc from 'fast-check';
import { HashPair } from './hash-pair';
import { HashThreads } from './hash-threads';

const sha256 = (...pieces: Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
};

const SIZE = 1024 * 1024;

describe('HashPair', () => {
  const buffers = [alignedMemory(SIZE), alignedMemory(SIZE), alignedMemory(SIZE)];
  let pair: HashPair;
  let digests: string[];
  beforeEach(() => {
    pair = new HashPair();
    pair.use(buffers);
    digests = [];
  });
  afterEach(() => pair.close());

  const endMember = (): void => pair.endMember((digest) => void digests.push(digest));
  /** Puts bytes into one of the buffers. */
  const placed = (bytes: Uint8Array, at = 0, index = 0): Buffer => {
    const place = (buffers[index] ?? Buffer.alloc(0)).subarray(at, at + bytes.length);
    if (bytes.length > 0) place.fill(bytes);
    return place;
  };

  it('gives the SHA-256 of a part, and of each member in it', async () => {
    const chunk = placed(Buffer.from('.abc..de.'), 1).subarray(1);
    pair.begin(chunk);
    pair.member(chunk.subarray(0, 3));
    endMember();
    endMember();
    pair.member(chunk.subarray(5, 6));
    pair.member(chunk.subarray(6, 7));
    endMember();
    pair.end();
    expect(await pair.finish()).toBe(sha256(chunk));
    expect(digests).toEqual([sha256(Buffer.from('abc')), sha256(), sha256(Buffer.from('de'))]);
  });

  it('does so however members and chunks lie, and gives the CRC-32 of each chunk', async () => {
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
        expect(await pair.finish()).toBe(sha256(part));
        expect(digests).toEqual(members.map(({ start, end }) => sha256(part.subarray(start, end))));
        expect(sums).toEqual(chunks.map(chunkSum));
      }),
      { numRuns: 20 },
    );
  });

  /** Hands a part over, as many chunks at a time as there are buffers; gives the sums of its chunks. */
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
      pair.begin(chunk);
      for (let member = left[0]; member !== undefined && member.start <= at + chunk.length; member = left[0]) {
        const own = chunk.subarray(Math.max(0, member.start - at), Math.max(0, member.end - at));
        if (own.length > 0) pair.member(own);
        if (member.end > at + chunk.length) break;
        endMember();
        left.shift();
      }
      pair.end();
      at += chunk.length;
      sums.push(pair.endChunk());
    }
    // A part without a byte has no chunk to tell of these in.
    for (const _member of left) endMember();
    return Promise.all(sums);
  }

  it('takes bytes from elsewhere for the zeros of a hole', async () => {
    const chunk = placed(Buffer.from('ab'));
    const zeros = Buffer.alloc(100_000);
    pair.begin(chunk);
    pair.member(chunk.subarray(0, 1));
    for (let i = 0; i < 3; i++) pair.member(zeros);
    pair.member(chunk.subarray(1));
    endMember();
    pair.end();
    await pair.finish();
    expect(digests).toEqual([sha256(Buffer.from('a'), zeros, zeros, zeros, Buffer.from('b'))]);
  });

  it('takes thousands of empty files', async () => {
    for (let file = 0; file < 10_000; file++) endMember();
    await pair.finish();
    expect(digests).toHaveLength(10_000);
    expect(new Set(digests)).toEqual(new Set([sha256()]));
  });

  it('begins every part anew, also after a member that was cut short', async () => {
    const chunk = placed(Buffer.from('abc'));
    pair.begin(chunk);
    pair.member(chunk);
    pair.end();
    await pair.finish();
    pair.begin(chunk);
    pair.member(chunk.subarray(1));
    endMember();
    pair.end();
    expect(await pair.finish()).toBe(sha256(chunk));
    expect(digests).toEqual([sha256(Buffer.from('bc'))]);
  });

  it('fails rather than wait for a thread that has ended', async () => {
    await pair.close();
    await expect(pair.endChunk()).rejects.toThrow('the hashing thread has ended');
    await expect(pair.finish()).rejects.toThrow('the hashing thread has ended');
  });
});

describe('HashThreads', () => {
  const threads = new HashThreads();
  afterAll(() => threads.onApplicationShutdown());

  it('lends the same threads again, but none that a failure left in the middle of something', async () => {
    const buffers = [alignedMemory(8)];
    const first = await threads.lend(buffers, async (pair) => pair);
    await expect(
      threads.lend(buffers, async (pair) => {
        expect(pair).toBe(first);
        throw new Error('broke off');
      }),
    ).rejects.toThrow('broke off');
    expect(await threads.lend(buffers, async (pair) => pair)).not.toBe(first);
  });
});
