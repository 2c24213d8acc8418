import { randomBytes } from 'node:crypto';
import { lstat, mkdir, opendir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectStoreError } from '../object-store.error';
import type { UploadName } from '../object-store.port';
import type { DirectTransfers } from './direct-transfers';
import { failedWith, FOLDER_MODE, orNull, syncFolder } from './file-system';
import { StagedUpload } from './staged-upload';
import type { UploadHeader } from './upload-journal';

/** An id begins with the start time, so that the greatest id is the newest upload. */
const ID = /^\d{8}T\d{9}Z-\d{6}-[0-9a-f]{8}$/;
/** Uploads whose journal is kept in memory; more than are ever written at the same time. */
const MAX_OPEN = 256;
/** What a killed process left incomplete or partly removed is deleted at this age, in milliseconds. */
const DEBRIS_AGE = 24 * 3600 * 1000;

/** `<root>/.uploads`: a folder for each unfinished upload, and the drafts of small objects. */
export class StagingArea {
  private readonly opened = new Map<string, StagedUpload>();
  private started = 0;

  constructor(
    readonly path: string,
    private readonly transfers: DirectTransfers,
  ) {}

  /** Creates the folder if it does not exist, and deletes old debris. */
  async prepare(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: FOLDER_MODE });
    if (!(await lstat(this.path)).isDirectory()) {
      throw new ObjectStoreError('object-store.unusable', `${this.path} is not a folder`);
    }
    for await (const { name } of await opendir(this.path)) {
      const stats = await orNull(() => lstat(join(this.path, name)), 'ENOENT');
      const isOld = stats !== null && Date.now() - stats.mtimeMs > DEBRIS_AGE;
      if (isOld && (!ID.test(name) || (await this.openOrNull(name)) === null)) {
        await rm(join(this.path, name), { recursive: true, force: true });
      }
    }
  }

  /** Returns a path for the draft of an object. */
  draftPath(): string {
    return join(this.path, `${this.newId(new Date())}.put`);
  }

  async start(key: string, chunkSize: number): Promise<string> {
    const startedAt = new Date();
    const id = this.newId(startedAt);
    await StagedUpload.create(join(this.path, id), { key, chunkSize, startedAt });
    return id;
  }

  /**
   * Returns the upload of this name.
   * @throws ObjectStoreError `object-store.upload-not-found`
   */
  async get(name: UploadName): Promise<StagedUpload> {
    const found = this.opened.get(name.id) ?? (await this.openOrNull(name.id));
    // A concurrent call may have opened it meanwhile; all callers must share one instance, to take turns.
    const upload = this.opened.get(name.id) ?? found;
    if (upload?.header.key !== name.key) throw uploadNotFound(name);
    this.keep(name.id, upload);
    return upload;
  }

  /** Drops an upload and its files. A partly removed folder is no longer an upload. */
  async drop(name: UploadName): Promise<void> {
    this.opened.delete(name.id);
    if ((await this.openOrNull(name.id))?.header.key !== name.key) return;
    const path = join(this.path, name.id);
    if ((await orNull(() => rename(path, `${path}.gone`).then(() => true), 'ENOENT')) === null) return;
    await rm(`${path}.gone`, { recursive: true, force: true });
    await syncFolder(this.path);
  }

  /** Lists every upload with a readable header, and whether its data is an object already (after a crash). */
  async *list(): AsyncGenerator<{ id: string; header: UploadHeader; isPublished: boolean }> {
    const folder = await orNull(() => opendir(this.path), 'ENOENT');
    for await (const { name: id } of folder ?? []) {
      const upload = await this.openOrNull(id);
      const isPublished = upload && (await orNull(() => upload.isPublished(), 'ENOENT'));
      if (upload !== null && isPublished !== null) yield { id, header: upload.header, isPublished };
    }
  }

  private async openOrNull(id: string): Promise<StagedUpload | null> {
    if (!ID.test(id)) return null;
    return orNull(() => StagedUpload.open(join(this.path, id), this.transfers), 'ENOENT', 'ENOTDIR', 'ELOOP');
  }

  private newId(at: Date): string {
    this.started = (this.started + 1) % 1_000_000;
    const stamp = at.toISOString().replace(/[-:.]/g, '');
    return `${stamp}-${String(this.started).padStart(6, '0')}-${randomBytes(4).toString('hex')}`;
  }

  private keep(id: string, upload: StagedUpload): void {
    this.opened.delete(id);
    this.opened.set(id, upload);
    const [oldest] = this.opened.keys();
    if (this.opened.size > MAX_OPEN && oldest !== undefined) this.opened.delete(oldest);
  }
}

/** Returns the error for an upload that was completed, aborted or swept, or never existed. */
export function uploadNotFound({ key }: UploadName, cause?: unknown): ObjectStoreError {
  return new ObjectStoreError('object-store.upload-not-found', `${key} has no such unfinished upload`, {
    cause,
  });
}

/** Whether the failure means that the folder of the upload no longer exists. */
export function isUploadGone(error: unknown): boolean {
  return failedWith(error, 'ENOENT');
}
