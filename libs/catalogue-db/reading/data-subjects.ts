import type { Caller, DataRegister, DataSubject } from '@almagest/access';
import { failedRevision } from '@almagest/contracts';
import { type Uid, uidIn } from '@almagest/ous';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { DeliveryRow, DeliveryServesRow, RevokedLinkRow, WithdrawalRow } from '../entities/delivery.entity';
import { ObsUnitSetRow } from '../entities/obs-unit-set.entity';
import { releaseDatesWith } from './release-dates';
import { StoredNames } from './stored-names';

const idSchema = z.uuid();

const SUBJECT = { id: true, project: true, ous: true, revision: true, state: true, release_date: true } as const;
type Subject = Pick<DeliveryRow, keyof typeof SUBJECT>;

/** Finds for the guard which project a delivery or an ObsUnitSet belongs to, and whether a link was revoked. */
export class DataSubjects {
  constructor(private readonly dataSource: DataSource) {}

  addTo(register: DataRegister): void {
    register.add('delivery', (id) => this.ofDelivery(id));
    register.add('ous', (uid) => this.ofOus(uid));
    register.addNames((name, reader) => this.ofName(name, reader));
    register.addRevocations((link) => this.dataSource.manager.existsBy(RevokedLinkRow, { id: link }));
  }

  private async ofDelivery(id: string): Promise<DataSubject | null> {
    if (!idSchema.safeParse(id).success) return null;
    const delivery = await this.dataSource.manager.findOne(DeliveryRow, {
      select: SUBJECT,
      where: { id },
    });
    if (delivery === null) return null;
    const { project, ous } = delivery;
    const withdrawn = delivery.state === 'withdrawn' ? await this.whyWithdrawn(delivery) : null;
    const served = await this.dataSource.manager.findBy(DeliveryServesRow, { delivery_id: id });
    const alsoServes = served.flatMap((each) => (each.ous === ous ? [] : [each.ous]));
    const releaseDate = (await releaseDatesWith(this.dataSource.manager, id)).get(id) ?? null;
    return { project, ous, alsoServes, delivery: id, releaseDate, withdrawn };
  }

  /** A name means parts and files of current deliveries, or raw data. */
  private async ofName(name: string, reader: Caller | null): Promise<DataSubject[]> {
    const names = new StoredNames(this.dataSource);
    const [stored, units] = await Promise.all([names.find(name, reader), names.rawDataOf(name)]);
    const deliveries = [...new Set(stored.map(({ deliveryId }) => deliveryId))];
    const subjects = await Promise.all([
      ...deliveries.map((id) => this.ofDelivery(id)),
      ...units.map((ous) => this.ofOus(ous)),
    ]);
    return subjects.filter((subject) => subject !== null);
  }

  /** Raw data come with a delivery (§1): they are withdrawn if the newest delivery is and no other is current. */
  private async ofOus(text: string): Promise<DataSubject | null> {
    const uid = uidIn(text);
    const row = uid === null ? null : await this.dataSource.manager.findOneBy(ObsUnitSetRow, { uid });
    if (row === null) return null;
    const { project, uid: ous } = row;
    const newest = await this.newest(ous);
    const withdrawn =
      newest?.state === 'withdrawn' && row.delivery_id === null ? await this.whyWithdrawn(newest) : null;
    return { project, ous, delivery: null, releaseDate: newest?.release_date ?? null, withdrawn };
  }

  private async newest(ous: Uid): Promise<Subject | null> {
    const served = await this.dataSource.manager.findOne(DeliveryServesRow, {
      where: { ous },
      order: { revision: 'DESC' },
    });
    if (served === null) return null;
    return this.dataSource.manager.findOne(DeliveryRow, { select: SUBJECT, where: { id: served.delivery_id } });
  }

  private async whyWithdrawn({ id, ous, revision }: Subject): Promise<string> {
    const { withdrawn_at, by, reason } = await this.dataSource.manager.findOneByOrFail(WithdrawalRow, {
      delivery_id: id,
    });
    return (
      `Revision ${revision} of ${ous} was withdrawn on ${withdrawn_at.toISOString().slice(0, 10)}: QA2 decided FAIL ` +
      `for ${failedRevision(by, ous)}${reason === null ? '' : `, because: ${reason}`}`
    );
  }
}
