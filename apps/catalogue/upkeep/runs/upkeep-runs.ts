import { randomUUID } from 'node:crypto';
import { addJob, JobsError } from '@almagest/jobs';
import { currentContext, DomainError, messageOf, traceparentFrom } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan, MoreThan, Not } from 'typeorm';
import { RunHold } from './run-hold';
import { BEGINNING, type RunKind, UpkeepFindingRow, UpkeepRunRow } from './upkeep-run.entity';

/** The job of a run of this kind. */
export function upkeepTask(kind: RunKind): string {
  return `catalogue/${kind}`;
}

/** Keeps the runs of upkeep: one of a kind at a time, each a leased job, with what it found. */
@Injectable()
export class UpkeepRuns {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Asks for a run: the unfinished one of this kind, if there is one, else a new one when `mayBegin` lets it be.
   * @throws DomainError `catalogue.upkeep-under-way` when the unfinished one repairs and this one must not, or the other
   *   way round; what `mayBegin` throws
   */
  async request(
    kind: RunKind,
    { repair }: { repair: boolean },
    mayBegin?: (manager: EntityManager) => Promise<void>,
  ): Promise<UpkeepRunRow> {
    return this.alone(async (manager) => {
      const unfinished = await this.unfinished(manager, kind);
      if (unfinished === null) {
        await mayBegin?.(manager);
        return this.add(manager, kind, { repair, scheduled: false });
      }
      if (unfinished.repair === repair) return unfinished;
      throw new DomainError(
        'conflict',
        'catalogue.upkeep-under-way',
        `A ${kind} that ${unfinished.repair ? 'repairs' : 'does not repair'} is under way: ${unfinished.id}`,
      );
    });
  }

  /** Adds a run that the schedule wants, if `isDue` says so and none of its kind is unfinished. */
  async schedule(
    kind: RunKind,
    isDue: (lastAsked: Date | null, manager: EntityManager) => Promise<boolean>,
  ): Promise<void> {
    await this.alone(async (manager) => {
      if ((await this.unfinished(manager, kind)) !== null) return;
      if (await isDue(await latest(manager, kind, 'requested_at'), manager)) {
        await this.add(manager, kind, { repair: false, scheduled: true });
      }
    });
  }

  /**
   * One attempt at a run; nothing for one that is done. Ends it when `work` has ended well.
   * @throws what `work` throws, after it was noted
   */
  async attempt<Kind extends RunKind>(
    kind: Kind,
    id: string,
    work: (hold: RunHold<Kind>) => Promise<void>,
  ): Promise<void> {
    const row = await this.begin(kind, id);
    if (row === null) return;
    const hold = new RunHold<Kind>(this.dataSource, row);
    try {
      await work(hold);
      await hold.finish();
    } catch (error) {
      if (!(error instanceof JobsError)) await hold.noteFailure(messageOf(error));
      throw error;
    }
  }

  async find(kind: RunKind, id: string): Promise<UpkeepRunRow | null> {
    return this.dataSource.manager.findOneBy(UpkeepRunRow, { kind, id });
  }

  async lastEnded(kind: RunKind): Promise<Date | null> {
    return latest(this.dataSource.manager, kind, 'ended_at');
  }

  /** Runs of a kind, the last asked for first, those before position `before`. */
  async list(kind: RunKind, before: string | null, limit: number): Promise<UpkeepRunRow[]> {
    return this.dataSource.manager.find(UpkeepRunRow, {
      where: { kind, ...(before === null ? {} : { position: LessThan(before) }) },
      order: { position: 'DESC' },
      take: limit,
    });
  }

  /** What a run found, in the order of finding, after finding `after`. */
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
    await manager.insert(UpkeepRunRow, { ...row, progress: BEGINNING[kind] });
    const traceparent = traceparentFrom(currentContext()?.traceparent);
    await addJob(manager, { task: upkeepTask(kind), payload: { id, traceparent }, key: `upkeep/${id}` });
    return manager.findOneByOrFail(UpkeepRunRow, { id });
  }

  private async unfinished(manager: EntityManager, kind: RunKind): Promise<UpkeepRunRow | null> {
    return manager.findOneBy(UpkeepRunRow, { kind, state: Not('done') });
  }

  /** Two callers, or two instances of the service, never add a run of the same kind at the same time. */
  private async alone<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('almagest.catalogue.upkeep', 0))`);
      return work(manager);
    });
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
