import { createHash } from 'node:crypto';
import type http from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { type ByteRange, rangeLength } from '@almagest/contracts';
import { abortable } from '@almagest/platform';
import { delayAfter, type RetryPolicy } from '@almagest/retry';
import type { Client } from 'minio';
import {
  checkChunk,
  checkChunkList,
  checkChunkSize,
  checkPutSize,
  chunkSum,
  type ChunkSum,
  isMadeOf,
  MAX_CHUNKS,
  totalSize,
} from '../chunks';
import { badRange, checkRead, exactly } from '../exact-read';
import { checkKey, checkLink, checkPrefix, isKey } from '../object-key';
import { ObjectStoreError } from '../object-store.error';
import type { ObjectInfo, ObjectStore, ReadOptions, Upload, UploadName, UploadedChunk } from '../object-store.port';
import { type S3Connection, connectS3 } from './s3-client';
import { S3ResponseError, isRefusal, nullWhen, s3Error } from './s3-error';
import { type ListedUpload, S3Requests, escapeQuery, parseTag } from './s3-requests';
import { bareTag } from './s3-xml';

/** When a failed request is retried. */
const RETRY: RetryPolicy = {
  initialInterval: 200,
  backoffCoefficient: 2,
  maximumInterval: 1_000,
  maximumAttempts: 4,
};
/** The object that `verify` writes and deletes. Always the same key, so that the next call deletes a remaining one. */
const PROBE = '.almagest-probe';
/** Printable, and no `..` segment: a server that keeps uploads in folders might follow it. */
const UPLOAD_ID = /^(?!(?:.*\/)?\.{1,2}(?:\/|$))[\x21-\x7e]{1,2048}$/;

export interface S3ObjectStoreOptions extends S3Connection {
  readonly bucket: string;
  /** When a failed request is retried; each delay is the maximum of a random one. */
  readonly retry?: RetryPolicy;
}

/**
 * An object store in a bucket of any S3 server whose etags are MD5 (so without SSE-KMS or SSE-C; `verify` checks it).
 *
 * S3 cannot complete an upload on the condition that the key has no other content. Instead, the adapter looks up the
 * key, then completes with `If-None-Match: *`, and compares the content when the key exists. A server that ignores that
 * header leaves a moment between look-up and completion in which two uploads of different content to one key can both
 * succeed; the later one remains.
 */
export class S3ObjectStore implements ObjectStore {
  private readonly client: Client;
  private readonly agent: http.Agent;
  private readonly requests: S3Requests;
  private readonly bucket: string;

  constructor(private readonly options: S3ObjectStoreOptions) {
    const { client, unsigning, agent } = connectS3(options);
    this.client = client;
    this.agent = agent;
    this.bucket = options.bucket;
    this.requests = new S3Requests(client, unsigning, options.bucket);
  }

  async verify(): Promise<void> {
    const body = Buffer.from(PROBE);
    await this.attempt(`trying out bucket ${this.bucket} at ${this.options.endpoint}`, async () => {
      if (!(await this.client.bucketExists(this.bucket))) await this.makeBucket();
      const { etag } = await this.client.putObject(this.bucket, PROBE, body);
      await this.client.removeObject(this.bucket, PROBE);
      if (bareTag(etag) !== md5(body)) {
        throw new ObjectStoreError(
          'object-store.unusable',
          `the ETags of bucket ${this.bucket} are not MD5 sums; disable its encryption with KMS`,
        );
      }
    });
  }

  async head(key: string): Promise<ObjectInfo | null> {
    checkKey(key);
    return this.attempt(`looking up ${key}`, () => this.stat(key));
  }

  async read(key: string, options: ReadOptions = {}): Promise<Readable> {
    checkRead(key, options);
    const { range, signal } = options;
    const doing = `reading ${key}`;
    const get = (): Promise<Readable> =>
      range === undefined
        ? this.client.getObject(this.bucket, key)
        : this.client.getPartialObject(this.bucket, key, range.start, rangeLength(range));
    const getting = this.attempt(doing, get);
    const response = await (signal === undefined ? getting : abortable(getting, signal, (late) => late.destroy()));
    try {
      return exactly(response, bodyLength(response, range), (error) => s3Error(error, doing), signal);
    } catch (error) {
      response.destroy();
      throw error;
    }
  }

  async *scan(key: string, options: { signal?: AbortSignal } = {}): AsyncGenerator<Uint8Array, void> {
    try {
      yield* (await this.read(key, options)) as AsyncIterable<Uint8Array>;
    } catch (error) {
      options.signal?.throwIfAborted();
      throw error;
    }
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    checkKey(key);
    checkPutSize(key, body.length);
    await this.attempt(`storing ${key}`, () => this.client.putObject(this.bucket, key, asBuffer(body)));
  }

  async startUpload(key: string, chunkSize: number): Promise<Upload> {
    checkKey(key);
    checkChunkSize(chunkSize);
    let isRetry = false;
    return this.attempt(`starting an upload of ${key}`, async () => {
      // The first request may have started an upload although its response was lost.
      const started = isRetry ? await this.findUpload(key, chunkSize) : null;
      isRetry = true;
      if (started !== null) return started;
      return { key, chunkSize, ...(await this.requests.startUpload(key)) };
    });
  }

  async findUpload(key: string, chunkSize: number): Promise<Upload | null> {
    checkKey(key);
    checkChunkSize(chunkSize);
    let newest: ListedUpload | undefined;
    for await (const upload of this.listUploads(key)) {
      // Uploads of one key are listed in the order of their start, which decides between equal times.
      if (upload.key === key && !(newest !== undefined && upload.startedAt < newest.startedAt)) newest = upload;
    }
    if (newest === undefined) return null;
    return { key, id: newest.id, chunkSize, checksSums: newest.checksSums };
  }

  async writeChunk(upload: Upload, number: number, bytes: Uint8Array, sum = chunkSum(bytes)): Promise<UploadedChunk> {
    const { key, id, checksSums } = checkUpload(upload);
    checkChunk(number, bytes.length, upload.chunkSize);
    return this.attempt(`writing chunk ${number} of ${key}`, async () => {
      try {
        const etag = await this.requests.sendChunk(key, id, number, asBuffer(bytes), checksSums ? sum : null);
        return { number, size: bytes.length, etag };
      } catch (error) {
        // A server that refuses a chunk may close the connection while the chunk is sent, and its response is lost. It
        // refuses a short request about the same upload for the same reason, with a response.
        if (!(error instanceof S3ResponseError)) await this.requests.listParts(key, id, MAX_CHUNKS);
        throw error;
      }
    });
  }

  async listChunks(upload: Upload): Promise<UploadedChunk[]> {
    const { key, id } = checkUpload(upload);
    return this.attempt(`listing the chunks of ${key}`, async () => {
      const chunks: UploadedChunk[] = [];
      let after: number | undefined;
      do {
        const page = await this.requests.listParts(key, id, after);
        chunks.push(...page.items);
        after = page.next;
      } while (after !== undefined);
      return chunks;
    });
  }

  async holds(upload: Upload, { size, etag }: UploadedChunk, bytes: Uint8Array): Promise<boolean> {
    checkUpload(upload);
    return size === bytes.length && parseTag(etag).md5 === md5(bytes);
  }

  async completeUpload(upload: Upload, chunks: readonly UploadedChunk[]): Promise<ObjectInfo> {
    const { key } = checkUpload(upload);
    const ordered = checkChunkList(chunks, upload.chunkSize);
    return this.attempt(`completing ${key}`, async () => {
      const before = await this.stat(key);
      const isNew = before === null && (await this.completeNew(upload, ordered));
      const info = before ?? (await this.stat(key));
      if (info === null) {
        // A server may report that an upload is completed while another request is still completing it.
        throw new ObjectStoreError('object-store.unavailable', `${key} is completed but does not exist yet`);
      }
      if (!(await this.isSame(info, ordered))) {
        throw new ObjectStoreError('object-store.conflict', `${key} already exists with other content`);
      }
      if (!isNew) await this.abortUpload(upload);
      return info;
    });
  }

  async abortUpload(upload: UploadName): Promise<void> {
    const { key, id } = checkUpload(upload);
    await this.attempt(`aborting an upload of ${key}`, () =>
      nullWhen('object-store.upload-not-found', () =>
        this.client.abortMultipartUpload(this.bucket, key, escapeQuery(id)),
      ),
    );
  }

  async *listUploads(prefix: string): AsyncGenerator<ListedUpload> {
    checkPrefix(prefix);
    let after: ListedUpload | undefined;
    do {
      const page = await this.attempt('listing uploads', () => this.requests.listUploads(prefix, after));
      yield* page.items.filter(({ key }) => isKey(key));
      after = page.next;
    } while (after !== undefined);
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    let token: string | undefined;
    let last = '';
    do {
      const page = await this.attempt('listing objects', () => this.requests.listObjects(prefix, token));
      for (const object of page.items) {
        if (!isKey(object.key)) continue;
        // Callers merge this listing with another one, which would silently go wrong.
        if (object.key <= last) throw new ObjectStoreError('object-store.failed', 'the store lists keys out of order');
        last = object.key;
        yield object;
      }
      token = page.next;
    } while (token !== undefined);
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.attempt(`deleting ${key}`, () =>
      nullWhen('object-store.not-found', () => this.client.removeObject(this.bucket, key)),
    );
  }

  async presignRead(key: string, seconds: number, fileName: string): Promise<string> {
    checkKey(key);
    checkLink(seconds, fileName);
    const headers = { 'response-content-disposition': `attachment; filename="${fileName}"` };
    return this.client.presignedGetObject(this.bucket, key, seconds, headers);
  }

  async close(): Promise<void> {
    this.agent.destroy();
  }

  private async stat(key: string): Promise<ObjectInfo | null> {
    const stat = await nullWhen('object-store.not-found', () => this.client.statObject(this.bucket, key));
    return stat && { key, size: stat.size, modifiedAt: stat.lastModified, etag: stat.etag };
  }

  /** Completes an upload whose key did not exist; false when it exists now, possibly from this same upload. */
  private async completeNew({ key, id }: Upload, chunks: readonly UploadedChunk[]): Promise<boolean> {
    try {
      await this.requests.complete(key, id, chunks, true);
    } catch (error) {
      if (isRefusal(error, 'PreconditionFailed')) return false;
      if (isRefusal(error, 'NoSuchUpload') && (await this.stat(key)) !== null) return false;
      if (!isRefusal(error, 'NotImplemented')) throw error;
      await this.requests.complete(key, id, chunks, false);
    }
    return true;
  }

  /** Compares the etag that these chunks make, then the content: other chunks may make the same content. */
  private async isSame({ key, size, etag }: ObjectInfo, chunks: readonly UploadedChunk[]): Promise<boolean> {
    if (size !== totalSize(chunks)) return false;
    const plain = chunks.map((chunk) => ({ ...chunk, etag: parseTag(chunk.etag).md5 }));
    const digests = Buffer.concat(plain.map((chunk) => Buffer.from(chunk.etag, 'hex')));
    return etag === `${md5(digests)}-${chunks.length}` || isMadeOf(await this.read(key), plain, md5Sum);
  }

  private async makeBucket(): Promise<void> {
    try {
      await this.client.makeBucket(this.bucket, this.options.region);
    } catch (error) {
      if (!isRefusal(error, 'BucketAlreadyOwnedByYou')) throw error;
    }
  }

  /** Makes a request, and retries it if its failure is retryable. Every request of this adapter is idempotent. */
  private async attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (cause) {
        const error = s3Error(cause, doing);
        const delay = error.retryable ? delayAfter(this.options.retry ?? RETRY, attempt) : null;
        if (delay === null) throw error;
        // Random, so that many writers do not retry at the same time.
        await setTimeout(Math.random() * delay);
      }
    }
  }
}

/** Returns the length of the body of a successful response. */
function bodyLength(response: Readable, range: ByteRange | undefined): number {
  const { statusCode, headers } = response as http.IncomingMessage;
  const length = Number(headers['content-length'] ?? Number.NaN);
  if (!Number.isSafeInteger(length) || (range !== undefined && statusCode !== 206)) {
    throw new ObjectStoreError('object-store.failed', 'the store does not state the length, or ignores the range');
  }
  if (range !== undefined && length !== rangeLength(range)) throw badRange(range);
  return length;
}

function checkUpload<T extends UploadName>(upload: T): T {
  checkKey(upload.key);
  if (!UPLOAD_ID.test(upload.id)) {
    throw new ObjectStoreError('object-store.upload-not-found', `${upload.key} has no upload with such an id`);
  }
  return upload;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function md5Sum(): ChunkSum {
  const hash = createHash('md5');
  return { update: (bytes) => void hash.update(bytes), etag: () => hash.digest('hex') };
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
