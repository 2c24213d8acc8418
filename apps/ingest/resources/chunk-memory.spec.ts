import fc from 'fast-check';
import { Allowance, ChunkMemory } from './chunk-memory';

const never = new AbortController().signal;

/** Runs everything that is due. */
const turns = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Runs work while it has a share of the allowance. */
async function during<T>(
  allowance: Allowance,
  amount: number,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  using _share = await allowance.acquire(amount, signal);
  return await work();
}

/** Work that ends when `end` is called. */
function piece(): { work: () => Promise<void>; end: () => void; hasBegun: () => boolean } {
  let begun = false;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const work = (): Promise<void> => {
    begun = true;
    return ended;
  };
  return { work, end, hasBegun: () => begun };
}

describe('Allowance', () => {
  it('never grants more than the total, and grants every claim', async () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(amounts, fc.scheduler(), async (claims, scheduler) => {
        const allowance = new Allowance(10);
        let [taken, most, done] = [0, 0, 0];
        const all = claims.map((amount) =>
          during(allowance, amount, never, async () => {
            taken += amount;
            most = Math.max(most, taken);
            await scheduler.schedule(Promise.resolve());
            taken -= amount;
            done += 1;
          }),
        );
        await scheduler.waitFor(Promise.all(all));
        expect(most).toBeLessThanOrEqual(10);
        expect(done).toBe(claims.length);
      }),
    );
  });

  it('lets no small claim overtake a large one', async () => {
    const allowance = new Allowance(3);
    const [first, large, small] = [piece(), piece(), piece()];
    const all = [first, large, small].map(({ work }, index) => during(allowance, index === 1 ? 3 : 1, never, work));
    await turns();
    expect([first.hasBegun(), large.hasBegun(), small.hasBegun()]).toEqual([true, false, false]);
    first.end();
    await turns();
    expect([large.hasBegun(), small.hasBegun()]).toEqual([true, false]);
    large.end();
    small.end();
    await Promise.all(all);
  });

  it('releases the share of work that failed', async () => {
    const allowance = new Allowance(1);
    await expect(during(allowance, 1, never, () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
    expect(await during(allowance, 1, never, async () => 'next')).toBe('next');
  });

  it('removes an aborted claim from the queue, and grants the next one', async () => {
    const allowance = new Allowance(2);
    const [first, stopped, next] = [piece(), piece(), piece()];
    const stop = new AbortController();
    const running = during(allowance, 1, never, first.work);
    const waiting = during(allowance, 2, stop.signal, stopped.work);
    const behind = during(allowance, 1, never, next.work);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await turns();
    expect([stopped.hasBegun(), next.hasBegun()]).toEqual([false, true]);
    first.end();
    next.end();
    await Promise.all([running, behind]);
  });

  it('refuses a claim that exceeds the total', async () => {
    await expect(during(new Allowance(2), 3, never, async () => undefined)).rejects.toThrow(RangeError);
  });
});

describe('ChunkMemory', () => {
  it('returns buffers of the size asked for, and reuses them', async () => {
    const memory = new ChunkMemory(100);
    const first = await memory.acquire(2, 40, never);
    expect(first.buffers.map(({ length }) => length)).toEqual([40, 40]);
    first[Symbol.dispose]();
    using next = await memory.acquire(1, 40, never);
    expect(first.buffers).toContain(next.buffers[0]);
  });

  it('never has a buffer in use twice', async () => {
    const memory = new ChunkMemory(100);
    using mine = await memory.acquire(1, 50, never);
    using other = await memory.acquire(1, 50, never);
    expect(other.buffers[0]).not.toBe(mine.buffers[0]);
  });

  it('makes new buffers for a new size', async () => {
    const memory = new ChunkMemory(100);
    (await memory.acquire(2, 50, never))[Symbol.dispose]();
    using next = await memory.acquire(1, 100, never);
    expect(next.buffers[0]?.length).toBe(100);
  });
});
