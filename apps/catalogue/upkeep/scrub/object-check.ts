import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type ObjectStore, ObjectStoreError, versionOf } from '@almagest/object-store';
import { assertNotEmpty } from '../inventory';

/** An object to read, and its catalogued size and digest. */
export interface DueObject {
  key: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/** The result of reading an object. */
export type CheckResult =
  | { readonly outcome: 'good' }
  | { readonly outcome: 'lost' }
  | { readonly outcome: 'corrupt' | 'unreadable'; readonly found: string; readonly version: string };

/** Attempts to read an object before it is reported as unreadable. */
const MAX_ATTEMPTS = 3;
/** Shorter pauses are accumulated, because a timer is no finer. Milliseconds. */
const MIN_PAUSE = 10;
/** How much time lost to slow reads may be made up for by faster ones, in milliseconds. */
const MAX_BURST = 250;

/** Reads whole objects, no faster than a rate limit, and compares them with their digests. */
export class ObjectCheck {
  constructor(
    private readonly store: ObjectStore,
    private readonly limit: RateLimit,
    private readonly signal: AbortSignal,
    /** Called with the number of bytes after each chunk of the current object. */
    private readonly onBytes: (bytes: number) => Promise<void>,
  ) {}

  /** @throws ObjectStoreError when the store itself is at fault, and not this object alone */
  async check(object: DueObject): Promise<CheckResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        const found = await this.read(object);
        if (found === null) return { outcome: 'good' };
        const info = await this.store.head(object.key);
        if (info !== null) return { outcome: 'corrupt', found, version: versionOf(info) };
      } catch (error) {
        this.signal.throwIfAborted();
        if (!(error instanceof ObjectStoreError)) throw error;
        // A store that is at fault or unavailable throws here, so nothing is reported about the object.
        const info = await this.store.head(object.key);
        if (info === null) {
          await assertNotEmpty(this.store);
          return { outcome: 'lost' };
        }
        if (attempt === MAX_ATTEMPTS) return { outcome: 'unreadable', found: error.message, version: versionOf(info) };
      }
    }
  }

  /** Returns null for the right bytes, or what was found instead. */
  private async read({ key, size, sha256 }: DueObject): Promise<string | null> {
    const hash = createHash('sha256');
    let read = 0;
    for await (const chunk of this.store.scan(key, { signal: this.signal })) {
      hash.update(chunk);
      read += chunk.length;
      const pause = this.limit.pauseAfter(chunk.length);
      if (pause >= MIN_PAUSE) await setTimeout(pause, undefined, { signal: this.signal });
      await this.onBytes(chunk.length);
    }
    const found = hash.digest('hex');
    if (found === sha256) return null;
    return read === size ? found : `${found} over ${read} bytes, not ${size}`;
  }
}

/** Limits the rate of reading: says after each chunk how long to pause. */
export class RateLimit {
  /** When the bytes read so far are due, in milliseconds of the clock. */
  private due = -Infinity;

  constructor(
    private readonly bytesPerSecond: number,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Counts bytes that were read; returns the pause before the next read, in milliseconds. */
  pauseAfter(bytes: number): number {
    const now = this.clock();
    this.due = Math.max(this.due, now - MAX_BURST) + (bytes / this.bytesPerSecond) * 1000;
    return Math.max(0, this.due - now);
  }
}
