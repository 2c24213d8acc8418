import { Readable } from 'node:stream';
import fc from 'fast-check';
import { storedContent } from './member-content';

const part = Buffer.from(Array.from({ length: 4096 }, (_, index) => 1 + (index % 255)));

async function read(
  member: Parameters<typeof storedContent>[0],
  range: Parameters<typeof storedContent>[1],
): Promise<Buffer> {
  const content = await storedContent(member, range, ({ start, end }) =>
    Promise.resolve(Readable.from([part.subarray(start, end + 1)])),
  );
  return Buffer.concat((await content.toArray()) as Buffer[]);
}

describe('the content of a stored member', () => {
  it('is a range of its part, and empty for an empty member', async () => {
    expect([...(await read({ offset: 10, segments: null }, { start: 0, end: 2 }))]).toEqual([11, 12, 13]);
    expect([...(await read({ offset: 10, segments: null }, { start: 1, end: 1 }))]).toEqual([12]);
    expect(await read({ offset: 10, segments: null }, { start: 0, end: -1 })).toHaveLength(0);
  });

  it('has zeros for the holes of a sparse member, in any range of it', async () => {
    const stored = fc.record({
      hole: fc.nat(100_000),
      offset: fc.nat(2000),
      length: fc.integer({ min: 1, max: 2000 }),
    });
    const cut = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(stored, { maxLength: 5 }), fc.nat(100_000), cut, async (runs, tail, [from, to]) => {
        let at = 0;
        const segments = runs.map(({ hole, offset, length }) => {
          const segment = { at: at + hole, offset, length };
          at += hole + length;
          return segment;
        });
        const whole = Buffer.alloc(at + tail);
        for (const { at: place, offset, length } of segments) part.copy(whole, place, offset, offset + length);
        const [start, end] = [Math.floor(from * whole.length), Math.floor(to * whole.length) - 1];
        const expected = whole.subarray(start, Math.max(start, end + 1));
        expect((await read({ offset: 0, segments }, { start, end })).equals(expected)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('lets other work run between the pieces of a hole', async () => {
    const hole = await storedContent({ offset: 0, segments: [] }, { start: 0, end: 2 ** 28 - 1 }, () => {
      throw new Error('a hole is not stored');
    });
    let turns = 0;
    let counting = setImmediate(function count() {
      turns++;
      counting = setImmediate(count);
    });
    let pieces = 0;
    for await (const _ of hole) pieces++;
    clearImmediate(counting);
    expect(pieces).toBe(256);
    expect(turns).toBeGreaterThanOrEqual(pieces);
  });

  it('passes the errors of the store on', async () => {
    const failure = new Error('the store is gone');
    const segments = [{ at: 0, offset: 0, length: 10 }];
    const content = await storedContent({ offset: 0, segments }, { start: 0, end: 9 }, () => Promise.reject(failure));
    await expect(content.toArray()).rejects.toBe(failure);
  });
});
