import { link, realpath, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { rangeLength } from '@almagest/contracts';
import { failpoint, freeSpace, makeDirectory } from '@almagest/platform';
import { checkChunk, checkChunkList, checkChunkSize, checkPutSize, chunkSum, isMadeOf, totalSize } from '../chunks';
import { checkRange, checkRead, exactly } from '../exact-read';
import { checkKey, checkLink, checkPrefix } from '../object-key';
import { ObjectStoreError } from '../object-store.error';
import type { ObjectInfo, ObjectStore, ReadOptions, Upload, UploadName, UploadedChunk } from '../object-store.port';
import { DirectTransfers } from './direct-transfers';
import { createDurably, FOLDER_MODE, fsError, syncFolder } from './file-system';
import { listTree } from './object-listing';
import { ObjectTree } from './object-tree';
import { etagSum, type StagedUpload } from './staged-upload';
import { StagingArea, isUploadGone, uploadNotFound } from './staging-area';

/** Bytes of each piece that `read` delivers. A slow reader holds several, so they are small. */
const READ_SIZE = 32 * 1024;

interface Folders {
  tree: ObjectTree;
  staging: StagingArea;
}

export interface DirectoryObjectStoreOptions {
  /** The folder of the store; created if it does not exist. No other program may write below it. */
  readonly root: string;
  /** Bytes that must stay free on its file system, by default 0. A write that would leave less is refused. */
  readonly minFreeBytes?: number;
}

/**
 * An object store in a directory: an object is the plain file `<root>/<key>`, an unfinished upload a folder in
 * `<root>/.uploads`. Several instances, in one process or many, may use the same root on a local file system.
 */
export class DirectoryObjectStore implements ObjectStore {
  private readonly transfers = new DirectTransfers();
  private opened: Promise<Folders> | undefined;

  constructor(private readonly options: DirectoryObjectStoreOptions) {}

  async verify(): Promise<void> {
    const { root } = this.options;
    try {
      await makeDirectory(root, FOLDER_MODE);
      const { tree, staging } = await this.open();
      await staging.prepare();
      await this.tryOut(tree, staging);
    } catch (error) {
      const { code, message, retryable } = fsError(error, 'trying out the directory');
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

  async read(key: string, options: ReadOptions = {}): Promise<Readable> {
    checkRead(key, options);
    const { range, signal } = options;
    const doing = `reading ${key}`;
    return this.attempt(doing, async ({ tree }) => {
      const object = await tree.open(key);
      if (object === null) throw new ObjectStoreError('object-store.not-found', `the object ${key} does not exist`);
      const { file, info } = object;
      try {
        const bytes = range === undefined ? { start: 0, end: info.size - 1 } : checkRange(range, info.size);
        if (rangeLength(bytes) > 0) {
          const source = file.createReadStream({ ...bytes, highWaterMark: READ_SIZE });
          return exactly(source, rangeLength(bytes), (error) => fsError(error, doing), signal);
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
      if (object === null) throw new ObjectStoreError('object-store.not-found', `the object ${key} does not exist`);
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
    checkPutSize(key, body.length);
    await this.attempt(`storing ${key}`, async ({ tree, staging }) => {
      await this.checkFreeSpace(tree, body.length);
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
      await this.checkFreeSpace(tree, 0);
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
      await this.checkFreeSpace(tree, bytes.length);
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
        // The upload may not exist because it was completed: then the object has its content.
        if (!isUploadGone(error) && !isCode(error, 'object-store.upload-not-found')) throw error;
        if ((await tree.head(key)) === null) throw uploadNotFound(upload, error);
        await this.checkSame(tree, key, ordered);
      }
      failpoint('object-store.linked');
      await staging.drop(upload);
      const info = await tree.head(key);
      if (info !== null) return info;
      throw new ObjectStoreError('object-store.not-found', `${key} was deleted while its upload was completed`);
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
    this.opened = undefined;
  }

  /** Links the data to its key. Unlike a rename, a link never replaces an object. */
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
    if (!isSame) throw new ObjectStoreError('object-store.conflict', `${key} already exists with other content`);
  }

  private async checkFreeSpace(tree: ObjectTree, bytes: number): Promise<void> {
    const { minFreeBytes = 0 } = this.options;
    if ((await freeSpace(tree.root)) - bytes >= minFreeBytes) return;
    throw new ObjectStoreError('object-store.full', `less than ${minFreeBytes} bytes would remain free`);
  }

  /**
   * Tries out what every write needs: a durable file, a link to it, a durable folder. Does not check the free space:
   * stored objects must be served from a full disk too.
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

  private async attempt<T>(doing: string, work: (folders: Folders) => Promise<T>): Promise<T> {
    try {
      return await work(await this.open());
    } catch (error) {
      throw fsError(error, doing);
    }
  }

  private async open(): Promise<Folders> {
    this.opened ??= realpath(this.options.root).then((root) => ({
      tree: new ObjectTree(root),
      staging: new StagingArea(join(root, '.uploads'), this.transfers),
    }));
    try {
      return await this.opened;
    } catch (error) {
      this.opened = undefined;
      throw new ObjectStoreError('object-store.failed', `the directory ${this.options.root} cannot be opened`, {
        cause: error,
      });
    }
  }
}

function isCode(error: unknown, code: ObjectStoreError['code']): boolean {
  return error instanceof ObjectStoreError && error.code === code;
}
