import { randomUUID } from 'node:crypto';
import { searchJobFolder } from '@almagest/contracts';
import { DomainError, type Logger, LOGGER, lockUntilCommit } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type QueryDeepPartialEntity } from 'typeorm';
import { SearchConfig } from '../search.config';
import { badParameter, badUpload } from '../search.error';
import type { DaliParameters } from '../tap/dali-parameters';
import { uploadsOf } from '../uploads/upload';
import { JobChanges } from './job-changes';
import { JobExecution } from './job-execution';
import { JobObjects } from './job-objects';
import { jobParameters } from './job-parameters';
import { ACTIVE_PHASES, type JobRow, type JobUpload } from './job.entity';
import { type JobFilter, JobsRepository } from './jobs.repository';

const DAY_MS = 24 * 3600 * 1000;
/** A request waits no longer for a change: clients and proxies give up after a minute or more. */
const MAX_WAIT_SECONDS = 50;
/** Until a table has been read from where it is, ms. */
const UPLOAD_MS = 120_000;

/** Who asks. */
export interface JobCaller {
  /** Null for an anonymous caller. */
  readonly owner: string | null;
  /** Whose limits a new job counts for. */
  readonly id: string;
}

/** Creates, shows, changes and deletes asynchronous queries for their users (UWS 1.1, 2.2). */
@Injectable()
export class JobsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly repository: JobsRepository,
    private readonly execution: JobExecution,
    private readonly objects: JobObjects,
    private readonly changes: JobChanges,
    private readonly config: SearchConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Creates a job, and queues it if the parameters say PHASE=RUN. What the query says is looked at when it runs.
   * @returns its id
   * @throws DomainError `search.bad-parameter`, `search.bad-upload`, `search.too-many-jobs`
   */
  async create(parameters: DaliParameters, { owner, id: caller }: JobCaller): Promise<string> {
    const isToRun = isRunRequested(parameters);
    const id = randomUUID();
    const pairs = jobParameters(parameters);
    const uploads = await this.storeUploads(id, parameters, []);
    const { TAP_JOB_DAYS, TAP_ASYNC_SECONDS, TAP_JOBS_PER_CALLER } = this.config.limits;
    try {
      await this.dataSource.transaction(async (manager) => {
        await lockUntilCommit(manager, [`almagest.search.jobs.${caller}`]);
        if ((await this.repository.countOf(manager, caller)) >= TAP_JOBS_PER_CALLER) throw tooMany(TAP_JOBS_PER_CALLER);
        await this.repository.insert(manager, {
          id,
          owner,
          caller,
          run_id: parameters.one('RUNID'),
          phase: isToRun ? 'QUEUED' : 'PENDING',
          queued_at: isToRun ? new Date() : null,
          parameters: pairs,
          uploads,
          // Whole milliseconds, as the documents show it.
          created_at: new Date(),
          destruction: new Date(Date.now() + TAP_JOB_DAYS * DAY_MS),
          execution_duration: TAP_ASYNC_SECONDS,
          has_objects: uploads.length > 0,
        });
        if (isToRun) await this.execution.enqueue(manager);
      });
    } catch (error) {
      if (uploads.length > 0) await this.removeObjects(id);
      throw error;
    }
    return id;
  }

  /** @throws DomainError `search.job-not-found` */
  async find(id: string, { owner }: JobCaller): Promise<JobRow> {
    const job = isUuid(id) ? await this.repository.find(id) : null;
    return visible(job, id, owner);
  }

  /** Lists the jobs of the caller, newest first; none for an anonymous caller. */
  async list({ owner }: JobCaller, filter: JobFilter): Promise<JobRow[]> {
    return owner === null ? [] : this.repository.list(owner, filter);
  }

  /**
   * Returns a job when its phase has changed, or the time is over (UWS 1.1, 2.2.1.2).
   * @param seconds negative: as long as the archive lets a request wait
   * @param phase returns at once if the job is in another one; null: any
   * @throws DomainError `search.job-not-found`
   */
  async whenChanged(
    id: string,
    caller: JobCaller,
    { seconds, phase }: { seconds: number; phase: string | null },
    gone: AbortSignal,
  ): Promise<JobRow> {
    const most = seconds < 0 ? MAX_WAIT_SECONDS : Math.min(seconds, MAX_WAIT_SECONDS);
    const end = AbortSignal.any([gone, AbortSignal.timeout(most * 1000)]);
    const changes = this.changes.of(id);
    try {
      const first = await this.find(id, caller);
      const from = phase ?? first.phase;
      let job = first;
      while (job.phase === from && ACTIVE_PHASES.includes(job.phase)) {
        if (!(await changes.next(end))) return job;
        job = await this.find(id, caller);
      }
      return job;
    } finally {
      changes.close();
    }
  }

  /** Queues a job that was not started; a job that is queued or runs stays as it is. @throws DomainError `search.job-phase` */
  async start(id: string, caller: JobCaller): Promise<void> {
    await this.change(id, caller, (job) => {
      if (job.phase === 'QUEUED' || job.phase === 'EXECUTING') return {};
      assertPending(job, 'started');
      return { phase: 'QUEUED', queued_at: new Date() };
    });
  }

  /** Aborts a job; one that has ended stays as it is. */
  async abort(id: string, caller: JobCaller): Promise<void> {
    await this.change(id, caller, ({ phase }) =>
      ACTIVE_PHASES.includes(phase) ? { phase: 'ABORTED', ended_at: new Date() } : {},
    );
  }

  /** Replaces the parameters that are given. @throws DomainError `search.job-phase`, `search.bad-parameter` */
  async setParameters(id: string, caller: JobCaller, parameters: DaliParameters): Promise<void> {
    const given = jobParameters(parameters);
    const names = new Set(given.map(([name]) => name));
    const before = await this.find(id, caller);
    assertPending(before, 'changed');
    const kept = names.has('UPLOAD') ? [] : before.uploads;
    const uploads = await this.storeUploads(id, parameters, kept);
    await this.change(id, caller, (job) => {
      assertPending(job, 'changed');
      return {
        parameters: [...job.parameters.filter(([name]) => !names.has(name)), ...given],
        uploads,
        has_objects: job.has_objects || uploads.length > 0,
        ...(names.has('RUNID') ? { run_id: parameters.one('RUNID') } : {}),
      };
    });
  }

  /** Sets the seconds that a job may run; 0, and more than the archive allows, mean as many as it allows. */
  async setDuration(id: string, caller: JobCaller, seconds: number): Promise<void> {
    const most = this.config.limits.TAP_ASYNC_SECONDS;
    await this.change(id, caller, (job) => {
      assertPending(job, 'changed');
      return { execution_duration: seconds === 0 ? most : Math.min(seconds, most) };
    });
  }

  /** Sets when the result is deleted; a later time than the archive allows means the latest that it allows. */
  async setDestruction(id: string, caller: JobCaller, time: Date): Promise<void> {
    const latest = Date.now() + this.config.limits.TAP_JOB_DAYS * DAY_MS;
    await this.change(id, caller, (job) => {
      if (job.phase === 'ARCHIVED') throw wrongPhase(job, 'kept longer');
      return { destruction: new Date(Math.min(time.getTime(), latest)) };
    });
  }

  /** Aborts a job if it runs, and deletes everything of it. */
  async remove(id: string, caller: JobCaller): Promise<void> {
    await this.change(id, caller, () => ({ is_removed: true }));
    await this.removeObjects(id);
  }

  private async change(
    id: string,
    { owner }: JobCaller,
    changeOf: (job: JobRow) => QueryDeepPartialEntity<JobRow>,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const job = visible(isUuid(id) ? await this.repository.lock(manager, id) : null, id, owner);
      const change = changeOf(job);
      if (Object.keys(change).length === 0) return;
      await this.repository.update(manager, id, change);
      if (change.phase === 'QUEUED') await this.execution.enqueue(manager);
    });
  }

  /**
   * Stores the tables that come with a request.
   * @throws DomainError `search.bad-upload`, `search.bad-parameter`
   */
  private async storeUploads(
    job: string,
    parameters: DaliParameters,
    kept: readonly JobUpload[],
  ): Promise<JobUpload[]> {
    const { TAP_UPLOAD_HOSTS, TAP_UPLOAD_MB } = this.config.limits;
    const stored = [...kept];
    let left = this.config.uploadBytes;
    const tooLarge = (): Error => badUpload(`The tables have more than ${TAP_UPLOAD_MB} MB`);
    try {
      for (const upload of uploadsOf(parameters, TAP_UPLOAD_HOSTS)) {
        const key = `${searchJobFolder(job)}/upload-${randomUUID()}`;
        const signal = AbortSignal.timeout(UPLOAD_MS);
        const { size } = await this.objects.write(key, await upload.open(), { limit: left, tooLarge, signal });
        stored.push({ name: upload.name, mediaType: upload.mediaType, key, size });
        left -= size;
      }
    } catch (error) {
      for (const { key } of stored.slice(kept.length)) await this.removeObjects(job, key);
      throw error;
    }
    return stored;
  }

  /** Deletes what the store has of a job; the sweep does it later if this fails. */
  private async removeObjects(id: string, key = `${searchJobFolder(id)}/`): Promise<void> {
    await this.objects.removeBelow(key).catch((error: unknown) => {
      this.logger.warn({ error, job: id }, 'could not delete the objects of a job');
    });
  }
}

function isRunRequested(parameters: DaliParameters): boolean {
  const phase = parameters.one('PHASE');
  if (phase !== null && phase.toUpperCase() !== 'RUN') {
    throw badParameter(`PHASE is '${phase}'; expected RUN, or no PHASE, for a new job`);
  }
  return phase !== null;
}

/** Somebody else's job is not there, as far as the caller can learn. */
function visible(job: JobRow | null, id: string, owner: string | null): JobRow {
  if (job !== null && (job.owner === null || job.owner === owner)) return job;
  throw new DomainError('not-found', 'search.job-not-found', `There is no job ${id}`);
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}

function assertPending(job: JobRow, what: string): void {
  if (job.phase !== 'PENDING') throw wrongPhase(job, what);
}

/** UWS 1.1, 2.2: a request that is illegal in the current state is forbidden. */
function wrongPhase({ id, phase }: JobRow, what: string): DomainError {
  return new DomainError('forbidden', 'search.job-phase', `The job ${id} is ${phase}: it cannot be ${what} any more`);
}

function tooMany(limit: number): DomainError {
  const message = `You have ${limit} jobs, which is the limit; delete one, or wait until one is deleted`;
  return new DomainError('unavailable', 'search.too-many-jobs', message, { headers: { 'Retry-After': '60' } });
}
