import type { Pool } from 'pg';

/**
 * Returns the pool, but a client that it passes to a callback may be released more than once: only the first time
 * counts. graphile-worker (to 0.18) releases the client that listens twice when its workers end while that client's
 * connection breaks. The pool throws at the second time, and nobody catches that: it would end the process.
 */
export function releasingOnce(pool: Pool): Pool {
  const connect = (callback?: Parameters<Pool['connect']>[0]): unknown => {
    if (callback === undefined) return pool.connect();
    return pool.connect((error, client, release) => callback(error, client, once(release)));
  };
  return new Proxy(pool, {
    get: (target, name) => {
      if (name === 'connect') return connect;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

type Release = Parameters<Parameters<Pool['connect']>[0]>[2];

function once(release: Release): Release {
  let isReleased = false;
  return (error) => {
    if (!isReleased) release(error);
    isReleased = true;
  };
}
