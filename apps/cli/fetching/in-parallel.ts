/**
 * Works on items, at most `most` at a time, in their order. The first failure stops the others through the signal they
 * are given, and is thrown once all of them have ended.
 */
export async function inParallel<Item>(
  items: readonly Item[],
  most: number,
  signal: AbortSignal,
  work: (item: Item, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const waiting = items.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (stop.aborted) return;
      try {
        await work(item, stop);
      } catch (error) {
        failures.push(error);
        failed.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
