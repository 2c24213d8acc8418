import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { HashPair, PIECE } from './hash-pair';
import { HashThreads } from './hash-threads';

const sha256 = (...pieces: Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
};

/** Bytes of one member, and how many there are between it and the next. */
interface Stretch {
  member: number;
  gap: number;
}

describe('HashPair', () => {
  let pair: HashPair;
  let digests: string[];
  beforeEach(() => {
    pair = new HashPair();
    digests = [];
  });
  afterEach(() => pair.close());

  const endMember = (): void => pair.endMember((digest) => void digests.push(digest));

  it('gives the SHA-256 of a part, and of each member in it', async () => {
    const piece = Buffer.from('.abc..de.').subarray(1);
    await pair.begin(piece);
    pair.member(piece.subarray(0, 3));
    endMember();
    endMember();
    pair.member(piece.subarray(5, 6));
    pair.member(piece.subarray(6, 7));
    endMember();
    pair.end();
    expect(await pair.finish()).toBe(sha256(piece));
    expect(digests).toEqual([sha256(Buffer.from('abc')), sha256(), sha256(Buffer.from('de'))]);
  });

  it('does so however members and pieces lie, part after part, with a buffer that is used again', async () => {
    const length = fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: PIECE - 1000, max: 3 * PIECE }));
    const stretch = fc.record({ member: length, gap: fc.integer({ min: 0, max: 1_000 }) });
    const buffer = Buffer.alloc(PIECE);
    await fc.assert(
      fc.asyncProperty(
        fc.array(stretch, { maxLength: 5 }),
        fc.integer({ min: 1000, max: PIECE }),
        async (part, step) => {
          digests = [];
          const expected = await passThrough(part, step, buffer);
          expect(await pair.finish()).toBe(expected.whole);
          expect(digests).toEqual(expected.members);
        },
      ),
      { numRuns: 30 },
    );
  });

  /** Hands a part over in pieces of one size at most; gives what its digests must be. */
  async function passThrough(
    part: readonly Stretch[],
    step: number,
    buffer: Buffer,
  ): Promise<{ whole: string; members: string[] }> {
    const whole = createHash('sha256');
    const members: string[] = [];
    for (const { member, gap } of part) {
      const hash = createHash('sha256');
      for (let at = 0; at < member + gap; at += step) {
        const piece = buffer.fill(`${at} ${member}`).subarray(0, Math.min(step, member + gap - at));
        const own = piece.subarray(0, Math.max(0, member - at));
        whole.update(piece);
        hash.update(own);
        await pair.begin(piece);
        if (own.length > 0) pair.member(own);
        if (at + step >= member + gap) endMember();
        pair.end();
      }
      if (member + gap === 0) endMember();
      members.push(hash.digest('hex'));
    }
    return { whole: whole.digest('hex'), members };
  }

  it('takes bytes from elsewhere for the zeros of a hole', async () => {
    const piece = Buffer.from('ab');
    const zeros = Buffer.alloc(100_000);
    await pair.begin(piece);
    pair.member(piece.subarray(0, 1));
    for (let i = 0; i < 3; i++) pair.member(zeros);
    pair.member(piece.subarray(1));
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
    const piece = Buffer.from('abc');
    await pair.begin(piece);
    pair.member(piece);
    pair.end();
    await pair.finish();
    await pair.begin(piece);
    pair.member(piece.subarray(1));
    endMember();
    pair.end();
    expect(await pair.finish()).toBe(sha256(piece));
    expect(digests).toEqual([sha256(Buffer.from('bc'))]);
  });

  it('fails rather than wait for a thread that has ended', async () => {
    await pair.close();
    await expect(pair.begin(Buffer.from('abc'))).rejects.toThrow('the hashing thread has ended');
    await expect(pair.finish()).rejects.toThrow('the hashing thread has ended');
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
        await pair.begin(Buffer.from('half a part'));
        throw new Error('broke off');
      }),
    ).rejects.toThrow('broke off');
    expect(await threads.lend(async (pair) => pair)).not.toBe(first);
  });
});
