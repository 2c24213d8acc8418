import { ChunkMemory } from './chunk-memory';

const never = new AbortController().signal;

describe('ChunkMemory', () => {
  it('lends buffers of the size asked for, and the same ones again', async () => {
    const memory = new ChunkMemory(100);
    const first = await memory.lend(2, 40, never, async (buffers) => [...buffers]);
    expect(first.map(({ length }) => length)).toEqual([40, 40]);
    expect(await memory.lend(1, 40, never, async ([buffer]) => first.includes(buffer as Buffer))).toBe(true);
  });

  it('lends no buffer twice at a time', async () => {
    const memory = new ChunkMemory(100);
    await memory.lend(1, 50, never, ([mine]) =>
      memory.lend(1, 50, never, async ([other]) => expect(other).not.toBe(mine)),
    );
  });

  it('gives a new size new buffers', async () => {
    const memory = new ChunkMemory(100);
    await memory.lend(2, 50, never, async () => undefined);
    expect(await memory.lend(1, 100, never, async ([buffer]) => buffer?.length)).toBe(100);
  });
});
