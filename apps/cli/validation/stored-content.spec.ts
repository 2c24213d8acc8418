import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { memberContent } from './stored-content';

const { signal } = new AbortController();
let part: string;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'almagest-stored-'));
  part = join(folder, 'part.tar');
  writeFileSync(part, Buffer.from(Array.from({ length: 4096 }, (_, index) => 1 + (index % 255))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(...args: Parameters<typeof memberContent>): Promise<Buffer> {
  return Buffer.concat((await memberContent(...args).toArray()) as Buffer[]);
}

describe('the content of a tar member', () => {
  it('is the range of its part, and nothing for an empty member', async () => {
    expect([...(await read(part, { size: 3, segments: null }, 10, signal))]).toEqual([11, 12, 13]);
    expect(await read(part, { size: 0, segments: null }, 10, signal)).toHaveLength(0);
  });

  it('has zeros where a sparse member has holes', async () => {
    const stretch = fc.record({
      hole: fc.nat(100_000),
      offset: fc.nat(2000),
      length: fc.integer({ min: 1, max: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { maxLength: 5 }), fc.nat(100_000), async (stretches, tail) => {
        let at = 0;
        const segments = stretches.map(({ hole, offset, length }) => {
          const segment = { at: at + hole, offset, length };
          at += hole + length;
          return segment;
        });
        const expected = Buffer.alloc(at + tail);
        for (const { at: to, offset, length } of segments) {
          for (let i = 0; i < length; i++) expected[to + i] = 1 + ((offset + i) % 255);
        }
        expect((await read(part, { size: at + tail, segments }, 0, signal)).equals(expected)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
