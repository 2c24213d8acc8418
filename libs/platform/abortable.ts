/**
 * Settles as `pending` does, unless the signal aborts first: then it rejects with the signal's reason, and `dispose`
 * gets a result that arrives later.
 */
export async function abortable<T>(pending: Promise<T>, signal: AbortSignal, dispose: (late: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error);
      pending.then(dispose, () => undefined);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
