import { SEARCH_JOBS_PREFIX, searchJobOf } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { type Logger, LOGGER, Periodic } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { JobObjects } from './job-objects';
import { JobsRepository } from './jobs.repository';

const EXPIRY_INTERVAL_MS = 60_000;
const ORPHAN_INTERVAL_MS = 3600 * 1000;
/** An object without a job may be a table whose job is not recorded yet; a day later it is not. */
const ORPHAN_AGE_MS = 24 * 3600 * 1000;
/** Days for which the record of an archived job is kept. */
const ARCHIVE_DAYS = 30;

/** Archives jobs at their destruction time, and deletes the objects that no job needs, whichever crash left them. */
@Injectable()
export class JobSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeps: readonly Periodic[];

  constructor(
    private readonly repository: JobsRepository,
    private readonly objects: JobObjects,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const expire = (signal: AbortSignal): Promise<void> => this.expire(signal);
    const orphans = (signal: AbortSignal): Promise<void> => this.removeOrphans(new Date(), signal);
    this.sweeps = [
      new Periodic('expiry of asynchronous queries', EXPIRY_INTERVAL_MS, expire, logger),
      new Periodic('sweep of the objects of asynchronous queries', ORPHAN_INTERVAL_MS, orphans, logger),
    ];
  }

  onApplicationBootstrap(): void {
    for (const sweep of this.sweeps) sweep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.sweeps.map((sweep) => sweep.stop()));
  }

  /**
   * Archives the jobs whose time has come, and deletes what archived and deleted jobs have stored: first the objects, then
   * the note that there are some, so that a sweep that dies is completed by the next one.
   */
  async expire(signal: AbortSignal): Promise<void> {
    await this.repository.expire(ARCHIVE_DAYS);
    for (;;) {
      const jobs = await this.repository.findToClear();
      for (const job of jobs) {
        if (signal.aborted) return;
        await this.objects.remove(job.id);
        await this.repository.noteCleared(job);
        this.logger.info({ job: job.id }, 'asynchronous query cleared');
      }
      if (jobs.length === 0) return;
    }
  }

  /**
   * Deletes objects and uploads in the folder of a job that is not there, is archived, or failed, and results of other
   * runs than the one that the job names. Keys that no job makes are left alone.
   */
  async removeOrphans(now: Date, signal: AbortSignal): Promise<void> {
    const before = now.getTime() - ORPHAN_AGE_MS;
    for await (const { key, modifiedAt } of this.store.list(SEARCH_JOBS_PREFIX)) {
      if (signal.aborted) return;
      if (modifiedAt.getTime() > before || !(await this.isOrphan(key))) continue;
      await this.store.delete(key);
      this.logger.info({ key }, 'object of no asynchronous query deleted');
    }
    for await (const upload of this.store.listUploads(SEARCH_JOBS_PREFIX)) {
      if (signal.aborted) return;
      if (upload.startedAt.getTime() > before || !(await this.isOrphan(upload.key))) continue;
      await this.store.abortUpload(upload);
    }
  }

  private async isOrphan(key: string): Promise<boolean> {
    const id = searchJobOf(key);
    return id !== null && !(await this.repository.needsObject(id, key));
  }
}
