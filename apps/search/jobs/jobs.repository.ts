import { randomUUID } from 'node:crypto';
import { lockUntilCommit } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import {
  Brackets,
  DataSource,
  type EntityManager,
  In,
  LessThanOrEqual,
  type QueryDeepPartialEntity,
  Not,
  Raw,
} from 'typeorm';
import { ACTIVE_PHASES, type JobError, type JobResult, JobRow } from './job.entity';

/** Which of the jobs of an owner to list (UWS 1.1, 2.2.2.1). */
export interface JobFilter {
  /** Empty: all but ARCHIVED. */
  readonly phases: readonly string[];
  readonly after: Date | null;
  /** The newest so many; null: all. */
  readonly last: number | null;
}

/** The run of a job that may end it. */
export type Run = Pick<JobRow, 'id' | 'run'>;

/** Jobs that are swept at a time. */
const PAGE = 100;

/** Reads and writes jobs; decides nothing. */
@Injectable()
export class JobsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(id: string): Promise<JobRow | null> {
    return this.dataSource.manager.findOneBy(JobRow, { id, is_removed: false });
  }

  /** Returns a job that no other transaction changes until this one ends. */
  async lock(manager: EntityManager, id: string): Promise<JobRow | null> {
    return manager.findOne(JobRow, { where: { id, is_removed: false }, lock: { mode: 'pessimistic_write' } });
  }

  /** Lists the jobs of an owner, newest first. */
  async list(owner: string, { phases, after, last }: JobFilter): Promise<JobRow[]> {
    const query = this.dataSource.manager
      .createQueryBuilder(JobRow, 'job')
      .where({ owner, is_removed: false, phase: phases.length === 0 ? Not('ARCHIVED') : In([...phases]) })
      .orderBy('job.created_at', 'DESC')
      .addOrderBy('job.id');
    if (after !== null) query.andWhere(new Brackets((part) => part.where('job.created_at > :after', { after })));
    return (last === null ? query : query.limit(last)).getMany();
  }

  /** Counts the jobs of a caller whose records and results are kept. */
  async countOf(manager: EntityManager, caller: string): Promise<number> {
    return manager.countBy(JobRow, { caller, is_removed: false, phase: Not('ARCHIVED') });
  }

  async insert(manager: EntityManager, job: QueryDeepPartialEntity<JobRow>): Promise<void> {
    await manager.insert(JobRow, job);
  }

  async update(manager: EntityManager, id: string, change: QueryDeepPartialEntity<JobRow>): Promise<void> {
    await manager.update(JobRow, { id }, change);
  }

  /**
   * Gives a ticket its job: the one that it ran before its process died, or else the longest queued one of the caller
   * with the fewest running jobs. Returns null when there is none. The ticket holds a new run of the job.
   */
  async claim(ticket: string): Promise<JobRow | null> {
    return this.dataSource.transaction(async (manager) => {
      // Two tickets at once would not see each other's choice.
      await lockUntilCommit(manager, ['almagest.search.jobs']);
      const own = await manager.findOneBy(JobRow, { ticket, phase: 'EXECUTING', is_removed: false });
      const id = own?.id ?? (await this.nextQueued(manager));
      if (id === null) return null;
      await manager.update(
        JobRow,
        { id },
        {
          phase: 'EXECUTING',
          ticket,
          run: randomUUID(),
          crashes: () => 'crashes + 1',
          started_at: () => 'coalesce(started_at, now())',
          has_objects: true,
        },
      );
      return manager.findOneByOrFail(JobRow, { id });
    });
  }

  /** Whether this run of the job is to continue. */
  async isRunning({ id, run }: Run): Promise<boolean> {
    return this.dataSource.manager.existsBy(JobRow, { id, run: run ?? '', phase: 'EXECUTING', is_removed: false });
  }

  /** The run has ended otherwise than with its process, and another one will follow. */
  async noteSurvived({ id, run }: Run): Promise<void> {
    await this.dataSource.manager.update(JobRow, { id, run: run ?? '' }, { crashes: () => 'crashes - 1' });
  }

  /** Ends the job; returns false when it ended otherwise, or has another run. */
  async settle({ id, run }: Run, end: { result: JobResult } | { error: JobError }): Promise<boolean> {
    const { affected } = await this.dataSource.manager.update(
      JobRow,
      { id, run: run ?? '', phase: 'EXECUTING', is_removed: false },
      { ...end, phase: 'result' in end ? 'COMPLETED' : 'ERROR', ended_at: () => 'now()' },
    );
    return affected === 1;
  }

  /** Archives the jobs whose time has come, and forgets those that were archived long ago. */
  async expire(archiveDays: number): Promise<void> {
    const { manager } = this.dataSource;
    await manager.update(
      JobRow,
      { destruction: LessThanOrEqual(new Date()), phase: Not('ARCHIVED') },
      { phase: 'ARCHIVED', result: null },
    );
    const forgotten = Raw((column) => `${column} < now() - make_interval(days => :archiveDays)`, { archiveDays });
    await manager.update(JobRow, { phase: 'ARCHIVED', destruction: forgotten }, { is_removed: true });
  }

  /** Returns some of the jobs whose objects must go, and with them the row if the user has deleted it. */
  async findToClear(): Promise<JobRow[]> {
    return this.dataSource.manager.find(JobRow, {
      where: [{ is_removed: true }, { phase: 'ARCHIVED', has_objects: true }],
      order: { id: 'ASC' },
      take: PAGE,
    });
  }

  /** Records that the object store has nothing of the job any more. */
  async noteCleared({ id, is_removed: isRemoved }: JobRow): Promise<void> {
    const { manager } = this.dataSource;
    if (isRemoved) await manager.delete(JobRow, { id, is_removed: true });
    else await manager.update(JobRow, { id, phase: 'ARCHIVED' }, { has_objects: false });
  }

  /** Whether an object is the result that the job names, or the job is active and may need it. */
  async needsObject(id: string, key: string): Promise<boolean> {
    const job = await this.find(id);
    return job !== null && (ACTIVE_PHASES.includes(job.phase) || job.result?.key === key);
  }

  private async nextQueued(manager: EntityManager): Promise<string | null> {
    const [next] = await manager.query<{ id: string }[]>(
      `SELECT id FROM search.job waiting
        WHERE phase = 'QUEUED' AND NOT is_removed
        ORDER BY (SELECT count(*) FROM search.job other WHERE other.caller = waiting.caller AND other.phase = 'EXECUTING'),
                 queued_at
        LIMIT 1 FOR UPDATE OF waiting`,
    );
    return next?.id ?? null;
  }
}
