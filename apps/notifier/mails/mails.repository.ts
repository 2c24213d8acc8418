import type { Uid } from '@almagest/ous';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, LessThan } from 'typeorm';
import { ABOUT_DELIVERIES, MailRow, NoticeRow } from './mail.entity';

/** Reads and writes notices and mails; decides nothing. */
@Injectable()
export class MailsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds what was learnt to a notice and gives the whole, held until the transaction ends. */
  async note(
    manager: EntityManager,
    deliveryId: string,
    learnt: Partial<Pick<NoticeRow, 'recipients' | 'catalogued' | 'withdrawn'>>,
  ): Promise<NoticeRow> {
    await manager.upsert(NoticeRow, { delivery_id: deliveryId, ...learnt }, ['delivery_id']);
    return this.lockNotice(manager, deliveryId);
  }

  async lockNotice(manager: EntityManager, deliveryId: string): Promise<NoticeRow> {
    return manager.findOneOrFail(NoticeRow, {
      where: { delivery_id: deliveryId },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** The notices of what a FAIL has taken back. */
  async withdrawnBy(manager: EntityManager, result: string): Promise<NoticeRow[]> {
    return manager
      .createQueryBuilder(NoticeRow, 'notice')
      .where(`notice.withdrawn -> 'by' ->> 'result' = :result`, { result })
      .getMany();
  }

  /** Ends the mails about a delivery that were not handed over yet. */
  async dropPending(manager: EntityManager, deliveryId: string, error: string): Promise<void> {
    await manager.update(
      MailRow,
      { delivery_id: deliveryId, template: In([...ABOUT_DELIVERIES]), state: 'pending' },
      { state: 'failed', error, settled_at: new Date() },
    );
  }

  /** Writes a mail unless this recipient has it already; false then. */
  async insert(manager: EntityManager, mail: Omit<MailRow, 'position' | 'created_at'>): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(MailRow)
      .values(mail)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length === 1;
  }

  async find(id: string): Promise<MailRow | null> {
    return this.dataSource.manager.findOneBy(MailRow, { id });
  }

  /** Ends a pending mail; false when that has been done. */
  async settle(manager: EntityManager, id: string, state: 'sent' | 'failed', error: string | null): Promise<boolean> {
    const { affected } = await manager.update(
      MailRow,
      { id, state: 'pending' },
      { state, error, settled_at: new Date() },
    );
    return affected === 1;
  }

  /** Notes that a mail which was handed over came back; false when that is known, or it was not handed over. */
  async noteBounce(id: string, error: string): Promise<boolean> {
    const { affected } = await this.dataSource.manager.update(
      MailRow,
      { id, state: 'sent' },
      { state: 'bounced', error, settled_at: new Date() },
    );
    return affected === 1;
  }

  /** Counts a failed try; the number of failures so far. */
  async noteFailure(id: string, error: string): Promise<number> {
    await this.dataSource.manager.increment(MailRow, { id }, 'failures', 1);
    await this.dataSource.manager.update(MailRow, { id }, { error });
    return (await this.find(id))?.failures ?? 0;
  }

  /** How many of the mails that tell of a delivery are in this state. */
  async countOf(manager: EntityManager, deliveryId: string, state: MailRow['state']): Promise<number> {
    return manager.countBy(MailRow, { delivery_id: deliveryId, template: In([...ABOUT_DELIVERIES]), state });
  }

  /** Newest first, at most `limit`, those before `position`. */
  async list(filter: { ous?: Uid; before: string | null; limit: number }): Promise<MailRow[]> {
    return this.dataSource.manager.find(MailRow, {
      where: {
        ...(filter.ous === undefined ? {} : { ous: filter.ous }),
        ...(filter.before === null ? {} : { position: LessThan(filter.before) }),
      },
      order: { position: 'DESC' },
      take: filter.limit,
    });
  }
}
