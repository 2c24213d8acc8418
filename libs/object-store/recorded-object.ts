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
  /** The version that was found damaged (`versionOf`), if any. */
  readonly damaged: string | null;
}

/**
 * Identifies the stored bytes of an object until it is written again. The etag alone does not: on S3 it is made from the
 * bytes, so a damaged object that is replaced with its right bytes keeps it. The time alone does not either: S3 gives it to
 * the second.
 */
export function versionOf({ etag, modifiedAt }: ObjectInfo): string {
  return `${etag} ${modifiedAt.toISOString()}`;
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
    const { key, size, damaged: version } = this.record;
    const info = await this.store.head(key);
    if (info === null) throw lost(key);
    if (info.size < size || versionOf(info) === version) throw damaged(key);
  }

  /** Reads a range of the object, or all of its bytes. @throws as `check` */
  async read(range: ByteRange | null, signal: AbortSignal): Promise<Readable> {
    const { key, size, damaged: version } = this.record;
    if (version !== null) await this.check();
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

function lost(key: string, cause: unknown = new Error(`${key} does not exist`)): DomainError {
  const message = 'The archive has lost these bytes; its operators must restore them';
  return new DomainError('unavailable', 'object-store.lost', message, {}, { cause });
}

function damaged(key: string, cause: unknown = new Error(`${key} is damaged`)): DomainError {
  const message = 'The stored bytes are damaged; the operators of the archive must restore them';
  return new DomainError('unavailable', 'object-store.damaged', message, {}, { cause });
}
