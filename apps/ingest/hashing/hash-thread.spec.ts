import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { HASH_THREAD_BYTES, HashThread } from './hash-thread';
import { HashThreads } from './hash-threads';

const sha256 = (...pieces: Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
};

describe('HashThread', () => {
  let thread: HashThread;
  let digests: string[];
  const cut = (): void => thread.cut((digest) => void digests.push(digest));
  beforeEach(() => {
    thread = new HashThread();
    digests = [];
  });
  afterEach(() => thread.close());

  it('gives the SHA-256 of what came between the cuts, in their order', async () => {
    thread.update(Buffer.from('abc'));
    cut();
    cut();
    thread.update(Buffer.from('d'));
    thread.update(Buffer.from('e'));
    cut();
    await thread.drain();
    expect(digests).toEqual([sha256(Buffer.from('abc')), sha256(), sha256(Buffer.from('de'))]);
  });

  it('does so for pieces of any size, and goes on after it was drained', async () => {
    const piece = fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 1_000_000, max: 1_100_000 }));
    const whole = Buffer.alloc(1_100_000, 'Ptolemy');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 4 }), { maxLength: 4 }), async (members) => {
        digests = [];
        for (const sizes of members) {
          for (const size of sizes) thread.update(whole.subarray(whole.length - size));
          cut();
          await thread.backlog();
        }
        await thread.drain();
        const expected = members.map((sizes) => sha256(...sizes.map((size) => whole.subarray(whole.length - size))));
        expect(digests).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('takes more than its memory holds without a pause', async () => {
    const bytes = Buffer.alloc(3 * HASH_THREAD_BYTES + 1, 'almagest');
    thread.update(bytes);
    cut();
    await thread.drain();
    expect(digests).toEqual([sha256(bytes)]);
  });

  it('takes thousands of empty files', async () => {
    for (let file = 0; file < 10_000; file++) cut();
    await thread.drain();
    expect(digests).toHaveLength(10_000);
    expect(new Set(digests)).toEqual(new Set([sha256()]));
  });

  it('keeps its user waiting while it is behind, and not longer', async () => {
    thread.update(Buffer.alloc(HASH_THREAD_BYTES));
    await thread.backlog();
    expect(thread.backlog()).toBeNull();
  });

  it('fails rather than wait for a thread that has ended', async () => {
    await thread.close();
    cut();
    expect(() => thread.update(Buffer.from('abc'))).toThrow('the hashing thread has ended');
    await expect(thread.drain()).rejects.toThrow('the hashing thread has ended');
    expect(() => thread.backlog()).toThrow('the hashing thread has ended');
  });
});

describe('HashThreads', () => {
  const threads = new HashThreads();
  afterAll(() => threads.onApplicationShutdown());

  it('lends the same threads again, but none that a failure left in the middle of something', async () => {
    const first = await threads.lend(async (pair) => pair);
    await expect(
      threads.lend(async (pair) => {
        expect(pair).toBe(first);
        pair.whole.update(Buffer.from('half a part'));
        throw new Error('broke off');
      }),
    ).rejects.toThrow('broke off');
    expect(await threads.lend(async (pair) => pair)).not.toBe(first);
  });
});
