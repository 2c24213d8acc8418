import type { Qa2Result, Qa2State, ServedOus } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { lockUntilCommit } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Qa2ResultHistoryRow, Qa2ResultRow, Qa2ResultServesRow } from './qa2-result.entity';

/** Reads and writes QA2 results. */
@Injectable()
export class Qa2ResultsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Makes other transactions that record a result of one of these ObsUnitSets wait until this one ends. */
  async lockOuses(manager: EntityManager, ouses: readonly Uid[]): Promise<void> {
    await lockUntilCommit(
      manager,
      ouses.map((ous) => `almagest.intake.${ous}`),
    );
  }

  async ofRevision(manager: EntityManager, ous: Uid, revision: number): Promise<Qa2ResultRow | null> {
    const served = await manager.findOneBy(Qa2ResultServesRow, { ous, revision });
    return served === null ? null : manager.findOneByOrFail(Qa2ResultRow, { id: served.result_id });
  }

  async newestRevision(manager: EntityManager, ous: Uid): Promise<number | null> {
    return manager.maximum(Qa2ResultServesRow, 'revision', { ous });
  }

  /** Finds a recorded result that has the same group or ObsUnitSet at another place in the hierarchy. */
  async conflicting(
    manager: EntityManager,
    { project, level }: Qa2Result,
    { scienceGoal, group: { uid: group }, ous }: ServedOus,
  ): Promise<{ row: Qa2ResultRow; served: Qa2ResultServesRow } | null> {
    const served = await manager
      .createQueryBuilder(Qa2ResultServesRow, 'served')
      .innerJoin(Qa2ResultRow, 'other', 'other.id = served.result_id')
      .where(
        `(served.group_uid = :group AND (other.project <> :project OR served.science_goal <> :scienceGoal))
           OR (served.ous = :ous AND (served.group_uid <> :group OR other.level <> :level))`,
        { group, project, scienceGoal, ous, level },
      )
      .limit(1)
      .getOne();
    if (served === null) return null;
    return { row: await manager.findOneByOrFail(Qa2ResultRow, { id: served.result_id }), served };
  }

  async insert(
    manager: EntityManager,
    row: Omit<Qa2ResultRow, 'position'>,
    serves: readonly ServedOus[],
    at: Date,
  ): Promise<void> {
    await manager.insert(Qa2ResultRow, row);
    await manager.insert(
      Qa2ResultServesRow,
      serves.map(({ ous, group, scienceGoal }) => ({
        result_id: row.id,
        ous,
        revision: row.revision,
        group_uid: group.uid,
        science_goal: scienceGoal,
      })),
    );
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
    const query = this.dataSource.manager.createQueryBuilder(Qa2ResultRow, 'result').where('true');
    if (filter.before !== null) query.andWhere('result.position < :before', { before: filter.before });
    if (filter.ous !== undefined) {
      query.innerJoin(Qa2ResultServesRow, 'served', 'served.result_id = result.id AND served.ous = :ous', filter);
    }
    return query.orderBy('result.position', 'DESC').limit(filter.limit).getMany();
  }
}
