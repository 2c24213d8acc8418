import { BufferCycle } from './buffers';

describe('BufferCycle', () => {
  const [a, b] = [Buffer.alloc(1), Buffer.alloc(1)];
  const never = new Promise<void>(() => undefined);

  it('reuses a buffer only after the work on it has ended', async () => {
    const cycle = new BufferCycle([a, b]);
    expect(new Set([await cycle.next(), await cycle.next()])).toEqual(new Set([a, b]));
    let end = (): void => undefined;
    cycle.release(a, never);
    cycle.release(b, new Promise<void>((resolve) => (end = resolve)));
    const next = cycle.next();
    const first = await Promise.race([next, new Promise((resolve) => setImmediate(resolve, 'none yet'))]);
    expect(first).toBe('none yet');
    end();
    expect(await next).toBe(b);
  });

  it('fails after any work has failed, and still frees the buffer', async () => {
    const cycle = new BufferCycle([a]);
    await cycle.next();
    cycle.release(a, Promise.reject(new Error('the disk is full')));
    await expect(cycle.next()).rejects.toThrow('the disk is full');
    await expect(cycle.finish()).rejects.toThrow('the disk is full');
    await expect(cycle.settle()).resolves.toBeUndefined();
  });
});
