import { randomUUID } from 'node:crypto';
import { addJob, JobsError } from '@almagest/jobs';
import { currentContext, DomainError, lockUntilCommit, messageOf, traceparentFrom } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan, MoreThan, Not } from 'typeorm';
import { INITIAL_PROGRESS, type ProgressOf, type RunKind, UpkeepFindingRow, UpkeepRunRow } from './upkeep-run.entity';

/** Returns the name of the job that runs this kind of upkeep. */
export function upkeepTask(kind: RunKind): string {
  return `catalogue/${kind}`;
}

/** Manages the runs of upkeep. Each run is a leased job; one of each kind is unfinished at a time. */
@Injectable()
export class UpkeepRuns {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Requests a run: returns the unfinished one of this kind, or adds a new one unless `mayBegin` throws.
   * @throws DomainError `catalogue.upkeep-under-way` when the unfinished one repairs and this one must not, or vice versa;
   *   what `mayBegin` throws
   */
  async request(
    kind: RunKind,
    { repair }: { repair: boolean },
    mayBegin?: (manager: EntityManager) => Promise<void>,
  ): Promise<UpkeepRunRow> {
    return this.exclusively(async (manager) => {
      const unfinished = await this.unfinished(manager, kind);
      if (unfinished === null) {
        await mayBegin?.(manager);
        return this.add(manager, kind, { repair, scheduled: false });
      }
      if (unfinished.repair === repair) return unfinished;
      throw new DomainError(
        'conflict',
        'catalogue.upkeep-under-way',
        `A ${kind} ${unfinished.repair ? 'with' : 'without'} repair is under way (${unfinished.id}); wait until it has ended`,
      );
    });
  }

  /** Adds a scheduled run if `isDue` says so and no run of its kind is unfinished. */
  async schedule(
    kind: RunKind,
    isDue: (lastRequested: Date | null, manager: EntityManager) => Promise<boolean>,
  ): Promise<void> {
    await this.exclusively(async (manager) => {
      if ((await this.unfinished(manager, kind)) !== null) return;
      if (await isDue(await latest(manager, kind, 'requested_at'), manager)) {
        await this.add(manager, kind, { repair: false, scheduled: true });
      }
    });
  }

  /**
   * Makes one attempt at a run and finishes it when `work` succeeds. Does nothing for a run that is done.
   * @throws what `work` throws, after recording it
   */
  async attempt<Kind extends RunKind>(
    kind: Kind,
    id: string,
    work: (attempt: RunAttempt<Kind>) => Promise<void>,
  ): Promise<void> {
    const row = await this.begin(kind, id);
    if (row === null) return;
    const attempt = new RunAttempt<Kind>(this.dataSource, row);
    try {
      await work(attempt);
      await attempt.finish();
    } catch (error) {
      if (!(error instanceof JobsError)) await attempt.noteFailure(messageOf(error));
      throw error;
    }
  }

  async find(kind: RunKind, id: string): Promise<UpkeepRunRow | null> {
    return this.dataSource.manager.findOneBy(UpkeepRunRow, { kind, id });
  }

  async lastEnded(kind: RunKind): Promise<Date | null> {
    return latest(this.dataSource.manager, kind, 'ended_at');
  }

  /** Returns the runs of a kind before position `before`, newest first. */
  async list(kind: RunKind, before: string | null, limit: number): Promise<UpkeepRunRow[]> {
    return this.dataSource.manager.find(UpkeepRunRow, {
      where: { kind, ...(before === null ? {} : { position: LessThan(before) }) },
      order: { position: 'DESC' },
      take: limit,
    });
  }

  /** Returns the findings of a run after finding `after`, oldest first. */
  async findings(runId: string, after: string | null, limit: number): Promise<UpkeepFindingRow[]> {
    return this.dataSource.manager.find(UpkeepFindingRow, {
      where: { run_id: runId, ...(after === null ? {} : { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  private async begin(kind: RunKind, id: string): Promise<UpkeepRunRow | null> {
    return this.dataSource.transaction(async (manager) => {
      const row = await manager.findOne(UpkeepRunRow, {
        where: { kind, id, state: Not('done') },
        lock: { mode: 'pessimistic_write' },
      });
      if (row === null) return null;
      const begun = { state: 'running', attempt: row.attempt + 1, started_at: row.started_at ?? new Date() } as const;
      await manager.update(UpkeepRunRow, { id }, begun);
      return { ...row, ...begun };
    });
  }

  private async add(
    manager: EntityManager,
    kind: RunKind,
    { repair, scheduled }: { repair: boolean; scheduled: boolean },
  ): Promise<UpkeepRunRow> {
    const id = randomUUID();
    const row = { id, kind, repair, scheduled, state: 'waiting' as const, requested_at: new Date() };
    await manager.insert(UpkeepRunRow, { ...row, progress: INITIAL_PROGRESS[kind] });
    const traceparent = traceparentFrom(currentContext()?.traceparent);
    await addJob(manager, { task: upkeepTask(kind), payload: { id, traceparent }, key: `upkeep/${id}` });
    return manager.findOneByOrFail(UpkeepRunRow, { id });
  }

  private async unfinished(manager: EntityManager, kind: RunKind): Promise<UpkeepRunRow | null> {
    return manager.findOneBy(UpkeepRunRow, { kind, state: Not('done') });
  }

  /** Prevents two callers or two instances of the service from adding a run of the same kind at the same time. */
  private async exclusively<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await lockUntilCommit(manager, ['almagest.catalogue.upkeep']);
      return work(manager);
    });
  }
}

/**
 * One attempt at a run. Attempts are numbered: a worker that has lost its lease without noticing finds its number
 * outdated when it writes, and stops.
 */
export class RunAttempt<Kind extends RunKind> {
  /** Updated while the run progresses; `save` writes it. */
  readonly progress: ProgressOf[Kind];

  constructor(
    private readonly dataSource: DataSource,
    private readonly row: UpkeepRunRow,
  ) {
    this.progress = structuredClone(row.progress) as ProgressOf[Kind];
  }

  /** The id of the run. */
  get id(): string {
    return this.row.id;
  }

  /** Whether the run may delete and recover objects. */
  get repair(): boolean {
    return this.row.repair;
  }

  /** The object key up to which the run is done. */
  get doneTo(): string {
    return this.row.done_to;
  }

  /**
   * Writes the progress of the run, and what `also` writes, in one transaction.
   * @throws JobsError `jobs.lease-lost` when another attempt has begun
   */
  async save(doneTo: string, also?: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.update(manager, 'done_to = $3, progress = $4', [doneTo, JSON.stringify(this.progress)]);
      await also?.(manager);
    });
    this.row.done_to = doneTo;
  }

  /** @throws JobsError `jobs.lease-lost` */
  async finish(): Promise<void> {
    await this.update(this.dataSource.manager, `state = 'done', ended_at = now(), last_failure = NULL, progress = $3`, [
      JSON.stringify(this.progress),
    ]);
  }

  /** @throws JobsError `jobs.lease-lost` */
  async noteFailure(reason: string): Promise<void> {
    await this.update(this.dataSource.manager, 'last_failure = $3', [reason]);
  }

  private async update(manager: EntityManager, change: string, values: unknown[]): Promise<void> {
    const [, affected] = await manager.query<[unknown[], number]>(
      `UPDATE catalogue.upkeep_run SET ${change} WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [this.row.id, this.row.attempt, ...values],
    );
    if (affected !== 1) throw new JobsError('jobs.lease-lost', 'another worker has taken over this run');
  }
}

async function latest(
  manager: EntityManager,
  kind: RunKind,
  column: 'requested_at' | 'ended_at',
): Promise<Date | null> {
  const [row] = await manager.query<{ latest: Date | null }[]>(
    `SELECT max(${column}) AS latest FROM catalogue.upkeep_run WHERE kind = $1`,
    [kind],
  );
  return row?.latest ?? null;
}
