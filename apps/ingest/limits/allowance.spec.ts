import fc from 'fast-check';
import { Allowance } from './allowance';

const never = new AbortController().signal;

/** Lets everything happen that can. */
const turns = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A piece of work that ends when it is told to. */
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
  it('never gives more than there is, and everybody their turn', async () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(amounts, fc.scheduler(), async (claims, scheduler) => {
        const allowance = new Allowance(10);
        let [taken, most, done] = [0, 0, 0];
        const all = claims.map((amount) =>
          allowance.during(amount, never, async () => {
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

  it('lets no small claim pass a large one', async () => {
    const allowance = new Allowance(3);
    const [first, large, small] = [piece(), piece(), piece()];
    const all = [first, large, small].map(({ work }, index) => allowance.during(index === 1 ? 3 : 1, never, work));
    await turns();
    expect([first.hasBegun(), large.hasBegun(), small.hasBegun()]).toEqual([true, false, false]);
    first.end();
    await turns();
    expect([large.hasBegun(), small.hasBegun()]).toEqual([true, false]);
    large.end();
    small.end();
    await Promise.all(all);
  });

  it('gives back what failed work had', async () => {
    const allowance = new Allowance(1);
    await expect(allowance.during(1, never, () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
    expect(await allowance.during(1, never, async () => 'next')).toBe('next');
  });

  it('lets those go who are told to stop while they wait, and serves who comes behind them', async () => {
    const allowance = new Allowance(2);
    const [first, stopped, next] = [piece(), piece(), piece()];
    const stop = new AbortController();
    const running = allowance.during(1, never, first.work);
    const waiting = allowance.during(2, stop.signal, stopped.work);
    const behind = allowance.during(1, never, next.work);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await turns();
    expect([stopped.hasBegun(), next.hasBegun()]).toEqual([false, true]);
    first.end();
    next.end();
    await Promise.all([running, behind]);
  });

  it('refuses what it can never give', async () => {
    await expect(new Allowance(2).during(3, never, async () => undefined)).rejects.toThrow(RangeError);
  });
});
