import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type ObjectStore, ObjectStoreError } from '@almagest/object-store';
import { mustHoldSomething } from '../inventory/store-presence';
import type { Pace } from './pace';

/** An object and what it must be. */
export interface DueObject {
  key: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/** What reading an object showed. */
export type CheckResult =
  | { readonly outcome: 'good' }
  | { readonly outcome: 'lost' }
  | { readonly outcome: 'corrupt' | 'unreadable'; readonly found: string };

/** An object that the store gives only in part is tried so often before it is called unreadable. */
const MOST_TRIES = 3;
/** Shorter rests are saved up: a timer is no finer. */
const LEAST_REST = 10;

/** Reads stored objects from end to end, no faster than the pace, and holds them against their digests. */
export class ObjectCheck {
  constructor(
    private readonly store: ObjectStore,
    private readonly pace: Pace,
    private readonly signal: AbortSignal,
    /** Told of the bytes of the object in hand as they come. */
    private readonly onBytes: (bytes: number) => Promise<void>,
  ) {}

  /** @throws ObjectStoreError when the store is in trouble, and not this object alone */
  async check(object: DueObject): Promise<CheckResult> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.read(object);
      } catch (error) {
        this.signal.throwIfAborted();
        if (!(error instanceof ObjectStoreError)) throw error;
        // A store that is in trouble or away throws here; then nothing is said of the object.
        if ((await this.store.head(object.key)) === null) {
          await mustHoldSomething(this.store);
          return { outcome: 'lost' };
        }
        if (tries === MOST_TRIES) return { outcome: 'unreadable', found: error.message };
      }
    }
  }

  private async read({ key, size, sha256 }: DueObject): Promise<CheckResult> {
    const hash = createHash('sha256');
    let read = 0;
    for await (const chunk of this.store.scan(key, { signal: this.signal })) {
      hash.update(chunk);
      read += chunk.length;
      const rest = this.pace.rest(chunk.length);
      if (rest >= LEAST_REST) await setTimeout(rest, undefined, { signal: this.signal });
      await this.onBytes(chunk.length);
    }
    const found = hash.digest('hex');
    if (found === sha256) return { outcome: 'good' };
    return { outcome: 'corrupt', found: read === size ? found : `${found} over ${read} bytes, not ${size}` };
  }
}
