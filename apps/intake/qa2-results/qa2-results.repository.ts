import type { Qa2Result, Qa2State } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan } from 'typeorm';
import { Qa2ResultHistoryRow, Qa2ResultRow } from './qa2-result.entity';

/** Reads and writes QA2 results. */
@Injectable()
export class Qa2ResultsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Makes other transactions that record a result of this ObsUnitSet wait until this one ends. */
  async lockOus(manager: EntityManager, ous: Uid): Promise<void> {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`almagest.intake.${ous}`]);
  }

  async ofRevision(manager: EntityManager, ous: Uid, revision: number): Promise<Qa2ResultRow | null> {
    return manager.findOneBy(Qa2ResultRow, { ous, revision });
  }

  async newestRevision(manager: EntityManager, ous: Uid): Promise<number | null> {
    return manager.maximum(Qa2ResultRow, 'revision', { ous });
  }

  /** Finds a recorded result that has the same group or ObsUnitSet at another place in the hierarchy. */
  async conflicting(manager: EntityManager, result: Qa2Result, ous: Uid): Promise<Qa2ResultRow | null> {
    return manager
      .createQueryBuilder(Qa2ResultRow, 'other')
      .where(
        `(other.group_uid = :group AND (other.project <> :project OR other.content ->> 'scienceGoal' <> :scienceGoal))
           OR (other.ous = :ous AND (other.group_uid <> :group OR other.level <> :level))`,
        { group: result.group.uid, project: result.project, scienceGoal: result.scienceGoal, ous, level: result.level },
      )
      .limit(1)
      .getOne();
  }

  async insert(manager: EntityManager, row: Omit<Qa2ResultRow, 'position'>, at: Date): Promise<void> {
    await manager.insert(Qa2ResultRow, row);
    await this.addStep(manager, row.id, row.state, at, null);
  }

  /** Returns the row, locked until the transaction ends. */
  async lock(manager: EntityManager, id: string): Promise<Qa2ResultRow | null> {
    return manager.findOne(Qa2ResultRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async update(manager: EntityManager, id: string, change: Pick<Qa2ResultRow, 'state' | 'report'>): Promise<void> {
    await manager.update(Qa2ResultRow, { id }, change);
  }

  async addStep(manager: EntityManager, id: string, state: Qa2State, at: Date, detail: string | null): Promise<void> {
    await manager.insert(Qa2ResultHistoryRow, { result_id: id, state, at, detail });
  }

  async find(id: string): Promise<{ row: Qa2ResultRow; history: Qa2ResultHistoryRow[] } | null> {
    const row = await this.dataSource.manager.findOneBy(Qa2ResultRow, { id });
    if (row === null) return null;
    const history = await this.dataSource.manager.find(Qa2ResultHistoryRow, {
      where: { result_id: id },
      order: { at: 'ASC', position: 'ASC' },
    });
    return { row, history };
  }

  /** Returns at most `limit` results before position `before`, newest first. */
  async list(filter: { ous?: Uid; before: string | null; limit: number }): Promise<Qa2ResultRow[]> {
    return this.dataSource.manager.find(Qa2ResultRow, {
      where: {
        ...(filter.ous === undefined ? {} : { ous: filter.ous }),
        ...(filter.before === null ? {} : { position: LessThan(filter.before) }),
      },
      order: { position: 'DESC' },
      take: filter.limit,
    });
  }
}
