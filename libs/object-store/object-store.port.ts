import type { Readable } from 'node:stream';

/** What a store knows of an object without reading it. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** When the object came to be; whole seconds on some stores. */
  readonly modifiedAt: Date;
  /** Opaque. Another one whenever the object was replaced. */
  readonly etag: string;
}

/** Names an unfinished upload. Plain data, so that a job can keep it in its row. */
export interface UploadName {
  readonly key: string;
  readonly id: string;
}

/** An unfinished upload that chunks can be written to. Plain data as well. */
export interface Upload extends UploadName {
  /** Bytes of each chunk except the last, which may be shorter. */
  readonly chunkSize: number;
  /** Whether the store compares the `chunkSum` of each chunk when it arrives. */
  readonly checksSums: boolean;
}

/** A chunk that is durably in an unfinished upload. */
export interface UploadedChunk {
  /** Its place, from 1. */
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** Opaque. Another one when other bytes are written in its place. */
  readonly etag: string;
}

/** Which bytes of an object: the first and the last one, both counted from 0 and both included, as in HTTP. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where objects are kept. An object is either there as a whole or not at all.
 *
 * Keys and prefixes are checked in every call (`object-store.bad-key`), and every failure is an `ObjectStoreError`.
 * An upload has one writer at a time: that is the caller's duty (a lease). Within it, chunks may be written in any order
 * and concurrently. No key may be another key's folder: where a store cannot hold both, the second is a conflict.
 */
export interface ObjectStore {
  /** The object's facts, or null when there is none. */
  head(key: string): Promise<ObjectInfo | null>;

  /**
   * The object's bytes, or a range of them. The range must lie within the object. The stream delivers exactly that many
   * bytes or fails with an `ObjectStoreError`; an abort ends it with an `AbortError`, the call with the signal's reason.
   * @throws ObjectStoreError `object-store.not-found`, `object-store.bad-range`
   */
  read(key: string, options?: { range?: ByteRange; signal?: AbortSignal }): Promise<Readable>;

  /**
   * The same bytes for a reader who goes through much data once: a piece is good until the next one is asked for, and
   * a directory reads past the page cache, from the disk itself. Failures come with the first piece; an abort ends it
   * with the signal's reason.
   * @throws ObjectStoreError as `read`
   */
  scan(key: string, options?: { signal?: AbortSignal }): AsyncIterable<Uint8Array>;

  /**
   * Stores a small object (a manifest) at once, durably, over what was there. A reader sees the old or the new one.
   * @throws ObjectStoreError `object-store.too-large` above `MAX_PUT_SIZE`, `object-store.conflict`
   */
  put(key: string, body: Uint8Array): Promise<void>;

  /**
   * Begins an upload; nothing is visible under the key until it is completed. `chunkSizeFor` finds a chunk size.
   * @throws ObjectStoreError `object-store.bad-chunk` when the chunk size is out of bounds
   */
  startUpload(key: string, chunkSize: number): Promise<Upload>;

  /**
   * The newest unfinished upload of this key, to resume it, or null; on S3, uploads may be told apart by whole seconds.
   * A store that records chunk sizes passes over uploads of another one. S3 does not record them: ask `holds` of
   * each chunk before relying on it.
   */
  findUpload(key: string, chunkSize: number): Promise<Upload | null>;

  /**
   * Writes a chunk, or replaces it; its bytes are on the disk when the call has ended, and must stay unchanged until then.
   * That it is there may be forgotten in a power cut: then it is not listed, and is to be written again.
   * @param sum its `chunkSum`, made while it was read, if the caller has one: a store that can compares it on arrival
   * @throws ObjectStoreError `object-store.bad-chunk`, `object-store.upload-not-found`, `object-store.full`
   */
  writeChunk(upload: Upload, number: number, bytes: Uint8Array, sum?: string): Promise<UploadedChunk>;

  /**
   * The chunks that are there, by number, all of them durably: what is listed survives a power cut.
   * @throws ObjectStoreError `object-store.upload-not-found`
   */
  listChunks(upload: Upload): Promise<UploadedChunk[]>;

  /**
   * Whether a listed chunk has exactly these bytes, to see on resuming that it need not be written again. Looked at is
   * what the store holds or a cryptographic digest of it, so that a source that changed between two runs is noticed.
   * @throws ObjectStoreError `object-store.upload-not-found`
   */
  holds(upload: Upload, chunk: UploadedChunk, bytes: Uint8Array): Promise<boolean>;

  /**
   * Makes the object of exactly these chunks, atomically and durably. Succeeds again when repeated, also when the key
   * already holds the same content from elsewhere. Chunks not named are dropped.
   * @throws ObjectStoreError `object-store.conflict` when the key holds other content (the upload stays),
   *   `object-store.chunk-missing`, `object-store.bad-chunk`, `object-store.upload-not-found`
   */
  completeUpload(upload: Upload, chunks: readonly UploadedChunk[]): Promise<ObjectInfo>;

  /** Drops an upload and its chunks. Does nothing when it is gone already; never touches an object. */
  abortUpload(upload: UploadName): Promise<void>;

  /** Every unfinished upload of the keys beginning so, in no particular order, for sweeping. */
  listUploads(prefix: string): AsyncIterable<UploadName & { readonly startedAt: Date }>;

  /**
   * The objects whose keys begin so, in byte order of the keys, streaming and in bounded memory. What changes meanwhile
   * may or may not be seen. Names that are no keys are passed over.
   */
  list(prefix: string): AsyncIterable<ObjectInfo>;

  /** Removes an object. Does nothing when there is none. */
  delete(key: string): Promise<void>;

  /**
   * A link by which anybody can read the object for that many seconds (at most `MAX_LINK_SECONDS`) and save it under
   * that name; null where the store has no such links. Whether the object exists is not looked up.
   * @throws ObjectStoreError `object-store.bad-link`
   */
  presignRead(key: string, seconds: number, fileName: string): Promise<string | null>;

  /**
   * At boot: makes the bucket or directory if it is missing, and tries everything the store must be able to do.
   * @throws ObjectStoreError `object-store.unusable`, `object-store.denied`, or a retryable one
   */
  verify(): Promise<void>;

  /** Lets go of connections. No call may follow. */
  close(): Promise<void>;
}
