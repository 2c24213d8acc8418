import { inParallel } from './in-parallel';

const never = new AbortController().signal;

/** Work that lasts until the others have begun, or the signal is aborted. */
async function untilAborted(stop: AbortSignal): Promise<void> {
  await new Promise((_resolve, reject) =>
    stop.addEventListener('abort', () => reject(stop.reason as Error), { once: true }),
  );
}

describe('work in parallel', () => {
  it('runs on at most so many items at a time, in order', async () => {
    const [begun, atOnce]: [number[], number[]] = [[], []];
    let running = 0;
    await inParallel([1, 2, 3, 4, 5], 2, never, async (item) => {
      begun.push(item);
      atOnce.push((running += 1));
      await new Promise(setImmediate);
      running -= 1;
    });
    expect(begun).toEqual([1, 2, 3, 4, 5]);
    expect(Math.max(...atOnce)).toBe(2);
  });

  it('aborts the other items when one fails, begins no more, and throws that failure once all have ended', async () => {
    const failure = new Error('a link is in the way');
    const ended: string[] = [];
    const working = inParallel(['fails', 'is aborted', 'never begins'], 2, never, async (item, stop) => {
      if (item === 'fails') throw failure;
      await untilAborted(stop).finally(() => ended.push(item));
    });
    await expect(working).rejects.toBe(failure);
    expect(ended).toEqual(['is aborted']);
  });

  it('throws the reason of its signal', async () => {
    const [controller, reason] = [new AbortController(), new Error('interrupted')];
    const working = inParallel([1, 2], 2, controller.signal, async (_item, stop) => untilAborted(stop));
    controller.abort(reason);
    await expect(working).rejects.toBe(reason);
  });
});
