import { randomUUID } from 'node:crypto';
import { DeliveryLinks } from '@almagest/access';
import { DeliveryRow, RevokedLinkRow } from '@almagest/catalogue-db';
import type { DeliveryLink as DeliveryLinkResource } from '@almagest/contracts';
import { DomainError, PUBLIC_URL } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

const DAY_MS = 86_400_000;

/** Makes links to deliveries, like those in mails, and revokes them. */
@Injectable()
export class LinksService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly links: DeliveryLinks,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  /** @throws DomainError `catalogue.delivery-unknown`, `catalogue.delivery-withdrawn` */
  async create(delivery: string, days: number): Promise<DeliveryLinkResource> {
    const row = await this.dataSource.manager.findOne(DeliveryRow, {
      select: { id: true, state: true },
      where: { id: delivery },
    });
    if (row === null) {
      throw new DomainError('not-found', 'catalogue.delivery-unknown', `There is no delivery ${delivery}`);
    }
    if (row.state === 'withdrawn') {
      throw new DomainError('gone', 'catalogue.delivery-withdrawn', `Delivery ${delivery} is withdrawn`);
    }
    const link = { id: randomUUID(), delivery, expires: new Date(Date.now() + days * DAY_MS) };
    const token = this.links.sign(link);
    const url = `${this.publicUrl}/deliveries/${delivery}?link=${token}`;
    return { id: link.id, delivery, link: token, url, expiresAt: link.expires.toISOString() };
  }

  /** Revokes a link; has no effect if it is revoked already. The archive does not record which links exist. */
  async revoke(id: string): Promise<void> {
    await this.dataSource.manager
      .createQueryBuilder()
      .insert()
      .into(RevokedLinkRow)
      .values({ id })
      .orIgnore()
      .execute();
  }
}
