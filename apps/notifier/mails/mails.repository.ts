import type { Uid } from '@almagest/ous';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { ABOUT_DELIVERIES, MailRow, NoticeRow } from './mail.entity';

/** Reads and writes notices and mails. */
@Injectable()
export class MailsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds facts to a notice, creates it if needed, and returns it, locked until the transaction ends. */
  async note(
    manager: EntityManager,
    deliveryId: string,
    facts: Partial<Pick<NoticeRow, 'recipients' | 'catalogued' | 'withdrawn'>>,
  ): Promise<NoticeRow> {
    await manager.upsert(NoticeRow, { delivery_id: deliveryId, ...facts }, ['delivery_id']);
    return this.lockNotice(manager, deliveryId);
  }

  async lockNotice(manager: EntityManager, deliveryId: string): Promise<NoticeRow> {
    return manager.findOneOrFail(NoticeRow, {
      where: { delivery_id: deliveryId },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** The notices of deliveries that a FAIL has withdrawn. */
  async withdrawnBy(manager: EntityManager, result: string): Promise<NoticeRow[]> {
    return manager
      .createQueryBuilder(NoticeRow, 'notice')
      .where(`notice.withdrawn -> 'by' ->> 'result' = :result`, { result })
      .getMany();
  }

  /** Fails the pending mails about a delivery, with this error. */
  async dropPending(manager: EntityManager, deliveryId: string, error: string): Promise<void> {
    await manager.update(
      MailRow,
      { delivery_id: deliveryId, template: In([...ABOUT_DELIVERIES]), state: 'pending' },
      { state: 'failed', error, settled_at: new Date() },
    );
  }

  /** Inserts a mail; returns false if the recipient already has it. */
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

  /** Sets the final state of a pending mail; returns false if it is no longer pending. */
  async settle(manager: EntityManager, id: string, state: 'sent' | 'failed', error: string | null): Promise<boolean> {
    const { affected } = await manager.update(
      MailRow,
      { id, state: 'pending' },
      { state, error, settled_at: new Date() },
    );
    return affected === 1;
  }

  /** Marks a sent mail as bounced; returns false if it is not in state `sent`. */
  async noteBounce(id: string, error: string): Promise<boolean> {
    const { affected } = await this.dataSource.manager.update(
      MailRow,
      { id, state: 'sent' },
      { state: 'bounced', error, settled_at: new Date() },
    );
    return affected === 1;
  }

  /** Counts a failed attempt and returns the number of failures so far. */
  async noteFailure(id: string, error: string): Promise<number> {
    await this.dataSource.manager.increment(MailRow, { id }, 'failures', 1);
    await this.dataSource.manager.update(MailRow, { id }, { error });
    return (await this.find(id))?.failures ?? 0;
  }

  /** Counts the mails about a new delivery that are in this state. */
  async countOf(manager: EntityManager, deliveryId: string, state: MailRow['state']): Promise<number> {
    return manager.countBy(MailRow, { delivery_id: deliveryId, template: In([...ABOUT_DELIVERIES]), state });
  }

  /** Lists mails newest first, at most `limit`, starting below position `before`. */
  async list(filter: { ous?: Uid; before: string | null; limit: number }): Promise<MailRow[]> {
    const query = this.dataSource.manager.createQueryBuilder(MailRow, 'mail').where('true');
    if (filter.before !== null) query.andWhere('mail.position < :before', { before: filter.before });
    if (filter.ous !== undefined) {
      query
        .leftJoin(NoticeRow, 'notice', 'notice.delivery_id = mail.delivery_id')
        .andWhere(`(mail.ous = :ous OR notice.catalogued @> :served)`, {
          ous: filter.ous,
          served: JSON.stringify({ alsoServes: [{ ous: filter.ous }] }),
        });
    }
    return query.orderBy('mail.position', 'DESC').limit(filter.limit).getMany();
  }
}
