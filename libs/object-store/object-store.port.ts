import type { Readable } from 'node:stream';
import type { ByteRange } from '@almagest/contracts';

/** The metadata of an object. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** When the object was created; to the second on some stores. */
  readonly modifiedAt: Date;
  /** Opaque. Changes whenever the object is replaced. */
  readonly etag: string;
}

/** Identifies an unfinished upload. Plain data, so that a job can keep it in its row. */
export interface UploadName {
  readonly key: string;
  readonly id: string;
}

/** An unfinished upload that chunks can be written to. Also plain data. */
export interface Upload extends UploadName {
  /** Bytes of each chunk except the last, which may be shorter. */
  readonly chunkSize: number;
  /** Whether the store compares the `chunkSum` of each chunk on arrival. */
  readonly checksSums: boolean;
}

/** A chunk that is durably stored in an unfinished upload. */
export interface UploadedChunk {
  /** Its position, from 1. */
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** Opaque. Changes when other bytes are written in its place. */
  readonly etag: string;
}

/** What to read of an object, all of it by default, and a signal that aborts the read. */
export interface ReadOptions {
  readonly range?: ByteRange;
  readonly signal?: AbortSignal;
}

/**
 * A store of objects. An object is visible as a whole or not at all.
 *
 * Every call checks its keys and prefixes (`object-store.bad-key`), and every failure is an `ObjectStoreError`. The
 * caller must ensure that an upload has one writer at a time (by a lease). That writer may write chunks in any order
 * and concurrently. No key may be the folder of another key: where a store cannot hold both, the second is a conflict.
 */
export interface ObjectStore {
  /** Returns the object's metadata, or null when it does not exist. */
  head(key: string): Promise<ObjectInfo | null>;

  /**
   * Reads the object or a range of it. The range must be within the object. The stream delivers exactly that many
   * bytes or fails with an `ObjectStoreError`. An abort ends the stream with an `AbortError`, and the call with the
   * signal's reason.
   * @throws ObjectStoreError `object-store.not-found`, `object-store.bad-range`
   */
  read(key: string, options?: ReadOptions): Promise<Readable>;

  /**
   * Reads the whole object for a caller that processes much data once. Each piece is valid until the next one is
   * requested. The directory adapter reads from the disk, past the page cache. A failure is thrown with the first
   * piece; an abort ends the iteration with the signal's reason.
   * @throws ObjectStoreError as `read`
   */
  scan(key: string, options?: { signal?: AbortSignal }): AsyncIterable<Uint8Array>;

  /**
   * Stores a small object (a manifest) in one piece, durably, and replaces an existing one. A reader sees either the
   * old or the new object.
   * @throws ObjectStoreError `object-store.too-large` above `MAX_PUT_SIZE`, `object-store.conflict`
   */
  put(key: string, body: Uint8Array): Promise<void>;

  /**
   * Starts an upload. Nothing is visible under the key until it is completed. `chunkSizeFor` chooses a chunk size.
   * @throws ObjectStoreError `object-store.bad-chunk` when the chunk size is out of bounds
   */
  startUpload(key: string, chunkSize: number): Promise<Upload>;

  /**
   * Finds the newest unfinished upload of this key to resume it, or null. S3 may know the start only to the second.
   * A store that records chunk sizes skips uploads with another one. S3 does not record them: ask `holds` about each
   * chunk before relying on it.
   */
  findUpload(key: string, chunkSize: number): Promise<Upload | null>;

  /**
   * Writes or replaces a chunk. Its bytes must not change until the call has ended; then they are on the disk. A power
   * cut may lose the record of the chunk: it is not listed then, and must be written again.
   * @param sum its `chunkSum`, if the caller has it from reading: a store that supports it compares it on arrival
   * @throws ObjectStoreError `object-store.bad-chunk`, `object-store.upload-not-found`, `object-store.full`
   */
  writeChunk(upload: Upload, number: number, bytes: Uint8Array, sum?: string): Promise<UploadedChunk>;

  /**
   * Lists the stored chunks by number. Every listed chunk is durable: it survives a power cut.
   * @throws ObjectStoreError `object-store.upload-not-found`
   */
  listChunks(upload: Upload): Promise<UploadedChunk[]>;

  /**
   * Whether a listed chunk has exactly these bytes, so that a resumed upload need not write it again. Compares the
   * stored bytes or a cryptographic digest of them, so that a source that changed between two runs is noticed.
   * @throws ObjectStoreError `object-store.upload-not-found`
   */
  holds(upload: Upload, chunk: UploadedChunk, bytes: Uint8Array): Promise<boolean>;

  /**
   * Makes the object of exactly these chunks, atomically and durably. Idempotent; it also succeeds when the key already
   * has the same content from another upload. Chunks that are not named are dropped.
   * @throws ObjectStoreError `object-store.conflict` when the key has other content (the upload remains),
   *   `object-store.chunk-missing`, `object-store.bad-chunk`, `object-store.upload-not-found`
   */
  completeUpload(upload: Upload, chunks: readonly UploadedChunk[]): Promise<ObjectInfo>;

  /** Drops an upload and its chunks. Does nothing when it no longer exists. Never touches an object. */
  abortUpload(upload: UploadName): Promise<void>;

  /** Lists every unfinished upload whose key has the prefix, in no particular order, for sweeping. */
  listUploads(prefix: string): AsyncIterable<UploadName & { readonly startedAt: Date }>;

  /**
   * Lists the objects whose keys have the prefix, in byte order of the keys, as a stream and in bounded memory. May or
   * may not show concurrent changes. Skips names that are not keys.
   */
  list(prefix: string): AsyncIterable<ObjectInfo>;

  /** Deletes an object. Does nothing when it does not exist. */
  delete(key: string): Promise<void>;

  /**
   * Makes a link by which anyone can read the object for that many seconds (at most `MAX_LINK_SECONDS`) and save it
   * under that name; null where the store has no such links. Does not check that the object exists.
   * @throws ObjectStoreError `object-store.bad-link`
   */
  presignRead(key: string, seconds: number, fileName: string): Promise<string | null>;

  /**
   * Creates the bucket or the directory if it does not exist, and tries out what the store must support. Called at
   * start-up.
   * @throws ObjectStoreError `object-store.unusable`, `object-store.denied`, or a retryable one
   */
  verify(): Promise<void>;

  /** Closes all connections. No call may follow. */
  close(): Promise<void>;
}
