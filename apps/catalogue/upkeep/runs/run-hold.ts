import { JobsError } from '@almagest/jobs';
import type { DataSource, EntityManager } from 'typeorm';
import type { ProgressOf, RunKind, UpkeepRunRow } from './upkeep-run.entity';

/**
 * A run in the hands of one attempt. Each attempt has a number; a worker that lost its lease and does not know it yet
 * finds its number outdated when it writes, and ends.
 */
export class RunHold<Kind extends RunKind> {
  /** Counted on while the run goes, written by `save`. */
  readonly progress: ProgressOf[Kind];

  constructor(
    private readonly dataSource: DataSource,
    private readonly row: UpkeepRunRow,
  ) {
    this.progress = structuredClone(row.progress) as ProgressOf[Kind];
  }

  get id(): string {
    return this.row.id;
  }

  /** Whether it may delete and restore. */
  get repair(): boolean {
    return this.row.repair;
  }

  /** 1 on the first attempt. */
  get attempt(): number {
    return this.row.attempt;
  }

  /** The object key up to which everything is done. */
  get doneTo(): string {
    return this.row.done_to;
  }

  /**
   * Writes how far the run is, and what belongs to that in the same transaction.
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
    if (affected !== 1) throw new JobsError('jobs.lease-lost', 'another worker has taken this run over');
  }
}
