import { fromFileForm, isUid, OusError, type Uid } from '@almagest/ous';
import type { DataRegister, DataSubject } from '@almagest/platform';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { DeliveryRow } from '../entities/delivery.entity';
import { ObsUnitSetRow } from '../entities/obs-unit-set.entity';
import { RevokedLinkRow } from '../entities/revoked-link.entity';

const idSchema = z.uuid();

/**
 * Tells the guard whose a delivery and an ObsUnitSet are, and which links were revoked. Of release dates the newest
 * revision's holds for all: the observatory's last word may lengthen a proprietary period too.
 */
export class DataSubjects {
  constructor(private readonly dataSource: DataSource) {}

  addTo(register: DataRegister): void {
    register.add('delivery', (id) => this.ofDelivery(id));
    register.add('ous', (uid) => this.ofOus(uid));
    register.addRevocations((link) => this.dataSource.manager.existsBy(RevokedLinkRow, { id: link }));
  }

  private async ofDelivery(id: string): Promise<DataSubject | null> {
    if (!idSchema.safeParse(id).success) return null;
    const delivery = await this.dataSource.manager.findOne(DeliveryRow, {
      select: { id: true, project: true, ous: true },
      where: { id },
    });
    if (delivery === null) return null;
    const { project, ous } = delivery;
    return { project, ous, delivery: id, releaseDate: await this.releaseDateOf(ous) };
  }

  private async ofOus(text: string): Promise<DataSubject | null> {
    const uid = uidIn(text);
    const row = uid === null ? null : await this.dataSource.manager.findOneBy(ObsUnitSetRow, { uid });
    if (row === null) return null;
    const { project, uid: ous } = row;
    return { project, ous, delivery: null, releaseDate: await this.releaseDateOf(ous) };
  }

  private async releaseDateOf(ous: Uid): Promise<string | null> {
    const newest = await this.dataSource.manager.findOne(DeliveryRow, {
      select: { id: true, release_date: true },
      where: { ous },
      order: { revision: 'DESC' },
    });
    return newest?.release_date ?? null;
  }
}

/** A uid in either form: a path has one, a body the other. */
function uidIn(text: string): Uid | null {
  if (isUid(text)) return text;
  try {
    return fromFileForm(text);
  } catch (error) {
    if (error instanceof OusError) return null;
    throw error;
  }
}
