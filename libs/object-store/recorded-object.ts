import type { Readable } from 'node:stream';
import type { ByteRange } from '@almagest/contracts';
import { DomainError } from '@almagest/platform';
import { ObjectStoreError } from './object-store.error';
import type { ObjectInfo, ObjectStore } from './object-store.port';

/** What is recorded about an object. */
export interface ObjectRecord {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** When it was last found damaged, if it was not found intact since. */
  readonly damagedAt: Date | null;
}

/**
 * Reads an object that must exist because it is recorded. If its bytes are missing or damaged, nobody who asks for them
 * is at fault: the answer is 503 until they are restored.
 */
export class RecordedObject {
  constructor(
    private readonly store: ObjectStore,
    private readonly record: ObjectRecord,
  ) {}

  /**
   * Checks that the object exists, has its bytes, and was not replaced since it was found damaged.
   * @throws DomainError `object-store.lost`, `object-store.damaged`; ObjectStoreError
   */
  async check(): Promise<void> {
    const { key, size, damagedAt } = this.record;
    const info = await this.store.head(key);
    if (info === null) throw lost(key);
    if (info.size < size || (damagedAt !== null && !isNewer(info, damagedAt))) throw damaged(key);
  }

  /** Reads a range of the object, or all of its bytes. @throws as `check` */
  async read(range: ByteRange | null, signal: AbortSignal): Promise<Readable> {
    const { key, size, damagedAt } = this.record;
    if (damagedAt !== null) await this.check();
    const whole = size === 0 ? {} : { range: { start: 0, end: size - 1 } };
    try {
      return await this.store.read(key, { ...(range === null ? whole : { range }), signal });
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error;
      if (error.code === 'object-store.not-found') throw lost(key, error);
      // The range is within the recorded size.
      if (error.code === 'object-store.bad-range') throw damaged(key, error);
      throw error;
    }
  }
}

function isNewer({ modifiedAt }: ObjectInfo, since: Date): boolean {
  return modifiedAt.getTime() > since.getTime();
}

function lost(key: string, cause: unknown = new Error(`${key} does not exist`)): DomainError {
  const message = 'The archive has lost these bytes; its operators must restore them';
  return new DomainError('unavailable', 'object-store.lost', message, {}, { cause });
}

function damaged(key: string, cause: unknown = new Error(`${key} is damaged`)): DomainError {
  const message = 'The stored bytes are damaged; the operators of the archive must restore them';
  return new DomainError('unavailable', 'object-store.damaged', message, {}, { cause });
}
