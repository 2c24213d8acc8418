import { link, mkdir, realpath, rm, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { failpoint } from '@almagest/platform';
import { MAX_PUT_SIZE, checkChunk, checkChunkList, checkChunkSize, totalSize } from '../chunk-rules';
import { chunkSum } from '../chunk-sum';
import { checkRange, exactly } from '../exact-read';
import { checkKey, checkPrefix } from '../object-key';
import { ObjectStoreError } from '../object-store.error';
import type { ByteRange, ObjectInfo, ObjectStore, Upload, UploadName, UploadedChunk } from '../object-store.port';
import { checkLink } from '../presigned-link';
import { isMadeOf } from '../same-content';
import { DirectTransfers } from './direct-transfers';
import { createDurably, syncFolder } from './durable-file';
import { fsError } from './fs-error';
import { listTree } from './object-listing';
import { ObjectTree } from './object-tree';
import { etagSum, type StagedUpload } from './staged-upload';
import { StagingArea, isUploadGone, uploadNotFound } from './staging-area';

const READ_SIZE = 1024 * 1024;

export interface DirectoryObjectStoreOptions {
  /** The folder that is the store; made when it is missing. Below it nobody else writes. */
  readonly root: string;
  /** Bytes that must stay free on its file system, 0 unless given; a write that would go below is refused. */
  readonly minFreeBytes?: number;
}

/**
 * An object store in a directory: an object is the plain file `<root>/<key>`, an unfinished upload a folder in
 * `<root>/.uploads`. Several adapters, in one process or many, may work on one root of a local file system.
 */
export class DirectoryObjectStore implements ObjectStore {
  private readonly transfers = new DirectTransfers();
  private places: Promise<{ tree: ObjectTree; staging: StagingArea }> | undefined;

  constructor(private readonly options: DirectoryObjectStoreOptions) {}

  async verify(): Promise<void> {
    const { root } = this.options;
    try {
      await mkdir(root, { recursive: true });
      const { tree, staging } = await this.open();
      await staging.prepare();
      await this.tryOut(tree, staging);
    } catch (error) {
      const { code, message, retryable } = fsError(error, 'trying it out');
      const shown = retryable || code === 'object-store.denied' ? code : 'object-store.unusable';
      throw new ObjectStoreError(shown, `the directory ${root} cannot be an object store: ${message}`, {
        cause: error,
      });
    }
  }

  async head(key: string): Promise<ObjectInfo | null> {
    checkKey(key);
    return this.attempt(`looking up ${key}`, ({ tree }) => tree.head(key));
  }

  async read(key: string, options: { range?: ByteRange; signal?: AbortSignal } = {}): Promise<Readable> {
    const { range, signal } = options;
    checkKey(key);
    if (range !== undefined) checkRange(range);
    signal?.throwIfAborted();
    const doing = `reading ${key}`;
    return this.attempt(doing, async ({ tree }) => {
      const object = await tree.open(key);
      if (object === null) throw new ObjectStoreError('object-store.not-found', `there is no object ${key}`);
      const { file, info } = object;
      try {
        const { start, end } = range === undefined ? { start: 0, end: info.size - 1 } : checkRange(range, info.size);
        if (end >= start) {
          const source = file.createReadStream({ start, end, highWaterMark: READ_SIZE });
          return exactly(source, end - start + 1, (error) => fsError(error, doing), signal);
        }
      } catch (error) {
        await file.close();
        throw error;
      }
      await file.close();
      return Readable.from([], { objectMode: false });
    });
  }

  async *scan(key: string, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<Uint8Array, void> {
    checkKey(key);
    try {
      const object = await (await this.open()).tree.open(key, this.transfers.flag);
      if (object === null) throw new ObjectStoreError('object-store.not-found', `there is no object ${key}`);
      const { file, info } = object;
      try {
        for await (const piece of this.transfers.read(file, info.size)) {
          signal?.throwIfAborted();
          yield piece;
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw fsError(error, `reading ${key}`);
    }
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    checkKey(key);
    if (body.length > MAX_PUT_SIZE) {
      throw new ObjectStoreError('object-store.too-large', `${key} has ${body.length} bytes; upload it in chunks`);
    }
    await this.attempt(`storing ${key}`, async ({ tree, staging }) => {
      await this.checkRoom(tree, body.length);
      const draft = staging.draftPath();
      try {
        await createDurably(draft, body);
        await tree.moveTo(draft, key);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    });
  }

  async startUpload(key: string, chunkSize: number): Promise<Upload> {
    checkKey(key);
    checkChunkSize(chunkSize);
    return this.attempt(`starting an upload of ${key}`, async ({ tree, staging }) => {
      await this.checkRoom(tree, 0);
      return { key, id: await staging.start(key, chunkSize), chunkSize, checksSums: false };
    });
  }

  async findUpload(key: string, chunkSize: number): Promise<Upload | null> {
    checkKey(key);
    checkChunkSize(chunkSize);
    return this.attempt(`looking for an upload of ${key}`, async ({ staging }) => {
      let newest = '';
      for await (const upload of staging.list()) {
        const { id, header, isPublished } = upload;
        if (header.key === key && header.chunkSize === chunkSize && id > newest && !isPublished) newest = id;
      }
      return newest === '' ? null : { key, id: newest, chunkSize, checksSums: false };
    });
  }

  async writeChunk(upload: Upload, number: number, bytes: Uint8Array, sum = chunkSum(bytes)): Promise<UploadedChunk> {
    return this.onUpload(upload, `writing chunk ${number} of ${upload.key}`, async (staged, tree) => {
      checkChunk(number, bytes.length, staged.header.chunkSize);
      await this.checkRoom(tree, bytes.length);
      return staged.write(number, bytes, sum);
    });
  }

  async listChunks(upload: Upload): Promise<UploadedChunk[]> {
    return this.onUpload(upload, `listing the chunks of ${upload.key}`, async (staged) =>
      [...(await staged.durableChunks()).values()].sort((a, b) => a.number - b.number),
    );
  }

  async holds(upload: Upload, chunk: UploadedChunk, bytes: Uint8Array): Promise<boolean> {
    return this.onUpload(upload, `comparing chunk ${chunk.number} of ${upload.key}`, (staged) =>
      staged.holds(chunk, bytes),
    );
  }

  async completeUpload(upload: Upload, chunks: readonly UploadedChunk[]): Promise<ObjectInfo> {
    const key = checkKey(upload.key);
    const ordered = checkChunkList(chunks, upload.chunkSize);
    return this.attempt(`completing ${key}`, async ({ tree, staging }) => {
      try {
        await this.publish(tree, await staging.get(upload), key, ordered);
      } catch (error) {
        // It may be gone because it has been completed: then the object says so.
        if (!isUploadGone(error) && !isCode(error, 'object-store.upload-not-found')) throw error;
        if ((await tree.head(key)) === null) throw uploadNotFound(upload, error);
        await this.checkSame(tree, key, ordered);
      }
      failpoint('object-store.linked');
      await staging.drop(upload);
      const info = await tree.head(key);
      if (info !== null) return info;
      throw new ObjectStoreError('object-store.not-found', `${key} was removed while it was completed`);
    });
  }

  async abortUpload(upload: UploadName): Promise<void> {
    checkKey(upload.key);
    await this.attempt(`aborting an upload of ${upload.key}`, ({ staging }) => staging.drop(upload));
  }

  async *listUploads(prefix: string): AsyncGenerator<UploadName & { readonly startedAt: Date }> {
    checkPrefix(prefix);
    try {
      for await (const { id, header } of (await this.open()).staging.list()) {
        if (header.key.startsWith(prefix)) yield { key: header.key, id, startedAt: header.startedAt };
      }
    } catch (error) {
      throw fsError(error, 'listing uploads');
    }
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    try {
      yield* listTree((await this.open()).tree.root, prefix);
    } catch (error) {
      throw fsError(error, 'listing objects');
    }
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.attempt(`deleting ${key}`, ({ tree }) => tree.remove(key));
  }

  async presignRead(key: string, seconds: number, fileName: string): Promise<null> {
    checkKey(key);
    checkLink(seconds, fileName);
    return null;
  }

  async close(): Promise<void> {
    this.places = undefined;
  }

  /** Links the data to its key. A link, not a rename: it never replaces an object. */
  private async publish(
    tree: ObjectTree,
    staged: StagedUpload,
    key: string,
    chunks: readonly UploadedChunk[],
  ): Promise<void> {
    if (!(await staged.isPublished())) {
      await staged.seal(chunks);
      if (await tree.addName(staged.dataPath, key)) return;
    }
    await this.checkSame(tree, key, chunks);
    await tree.syncNames(key);
  }

  private async checkSame(tree: ObjectTree, key: string, chunks: readonly UploadedChunk[]): Promise<void> {
    const info = await tree.head(key);
    const isSame = info?.size === totalSize(chunks) && (await isMadeOf(await this.read(key), chunks, etagSum));
    if (!isSame) throw new ObjectStoreError('object-store.conflict', `${key} holds other content`);
  }

  private async checkRoom(tree: ObjectTree, bytes: number): Promise<void> {
    const { minFreeBytes = 0 } = this.options;
    const { bavail, bsize } = await statfs(tree.root);
    if (bavail * bsize - bytes >= minFreeBytes) return;
    throw new ObjectStoreError('object-store.full', `less than ${minFreeBytes} bytes would stay free`);
  }

  /**
   * Does once what every write needs: a durable file, a second name for it, a durable folder. Not the free space: what
   * is stored must be served from a full disk too.
   */
  private async tryOut(tree: ObjectTree, staging: StagingArea): Promise<void> {
    const [draft, second] = [staging.draftPath(), staging.draftPath()];
    try {
      await createDurably(draft, Buffer.from('almagest'));
      await link(draft, second);
      await unlink(second);
      await this.transfers.tryOut(second);
    } finally {
      await rm(draft, { force: true });
    }
    await syncFolder(staging.path);
    await syncFolder(tree.root);
  }

  private async onUpload<T>(
    upload: Upload,
    doing: string,
    work: (staged: StagedUpload, tree: ObjectTree) => Promise<T>,
  ): Promise<T> {
    checkKey(upload.key);
    return this.attempt(doing, async ({ tree, staging }) => {
      try {
        return await work(await staging.get(upload), tree);
      } catch (error) {
        throw isUploadGone(error) ? uploadNotFound(upload, error) : error;
      }
    });
  }

  private async attempt<T>(
    doing: string,
    work: (places: { tree: ObjectTree; staging: StagingArea }) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(await this.open());
    } catch (error) {
      throw fsError(error, doing);
    }
  }

  private async open(): Promise<{ tree: ObjectTree; staging: StagingArea }> {
    this.places ??= realpath(this.options.root).then((root) => ({
      tree: new ObjectTree(root),
      staging: new StagingArea(join(root, '.uploads'), this.transfers),
    }));
    try {
      return await this.places;
    } catch (error) {
      this.places = undefined;
      throw new ObjectStoreError('object-store.failed', `there is no directory ${this.options.root}`, { cause: error });
    }
  }
}

function isCode(error: unknown, code: ObjectStoreError['code']): boolean {
  return error instanceof ObjectStoreError && error.code === code;
}
