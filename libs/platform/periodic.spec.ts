import { createLogger } from './logging';
import { Periodic } from './periodic';

const quiet = createLogger('test', { level: 'silent' });

describe('Periodic', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('runs at once and then at the interval, also after a failure', async () => {
    const work = jest.fn<Promise<void>, []>(() => Promise.reject(new Error('failed')));
    const periodic = new Periodic('work', 1_000, work, quiet);
    periodic.start();
    expect(work).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(work).toHaveBeenCalledTimes(3);
    await periodic.stop();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('skips a run while the one before lasts, and waits for it to stop', async () => {
    const signals: AbortSignal[] = [];
    let end = (): void => undefined;
    const work = (signal: AbortSignal): Promise<void> => {
      signals.push(signal);
      return new Promise((resolve) => (end = resolve));
    };
    const periodic = new Periodic('work', 1_000, work, quiet);
    periodic.start();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(signals).toHaveLength(1);
    let isStopped = false;
    const stopping = periodic.stop().then(() => (isStopped = true));
    await jest.advanceTimersByTimeAsync(1);
    expect([isStopped, signals[0]?.aborted]).toEqual([false, true]);
    end();
    await stopping;
    expect(isStopped).toBe(true);
  });
});
