import { type DataOf, type lostPartSettled, partLost } from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import type { Uid } from '@almagest/ous';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { UpkeepFindingRow } from '../runs/upkeep-run.entity';

const RECOVERED = 'It is in the store again, with the catalogued size and SHA-256.';
const ALTERNATIVE = 'Copy it back from a backup, or post a new revision.';

/** Requests that ingest, which knows the sources, recovers parts that the store has lost (docs/adr/0031). */
@Injectable()
export class PartRecovery {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  /** Requests the recovery of these parts, in the transaction that records them as findings of a run. */
  async request(manager: EntityManager, runId: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const rows = await manager.query<LostRow[]>(
      `SELECT part.name, part.object_key AS key, part.size, part.sha256, delivery.id AS "deliveryId",
              delivery.project, unit.group_uid AS "group", delivery.ous, delivery.level, delivery.revision
         FROM catalogue.part
         JOIN catalogue.delivery ON delivery.id = part.delivery_id
         JOIN catalogue.obs_unit_set AS unit ON unit.uid = delivery.ous
        WHERE part.object_key = ANY ($1)`,
      [keys],
    );
    for (const { name, key, size, sha256, ...delivery } of rows) {
      const about = { key: delivery.group, subject: delivery.ous };
      await this.outbox.add(manager, partLost, about, {
        ...delivery,
        part: { name, key, size: Number(size), sha256 },
      });
    }
    await manager.query(`UPDATE catalogue.upkeep_run SET restoring = restoring + $2 WHERE id = $1`, [
      runId,
      rows.length,
    ]);
  }

  /** Returns those of these keys whose recovery this run has requested and that are not settled. */
  async requestedBy(runId: string, keys: readonly string[]): Promise<Set<string>> {
    return this.pending(keys, { run_id: runId });
  }

  /** Returns those of these keys whose recovery any run has requested: ingest may be uploading them. */
  async requested(keys: readonly string[]): Promise<Set<string>> {
    return this.pending(keys, {});
  }

  /** Records the result for every run that requested this part. */
  async settle(manager: EntityManager, { part, notRestored }: DataOf<typeof lostPartSettled>): Promise<void> {
    const isRecovered = notRestored === null;
    const [findings] = await manager.query<[{ run_id: string }[], number]>(
      `UPDATE catalogue.upkeep_finding SET repair = $2, remark = $3
        WHERE object_key = $1 AND kind = 'lost' AND repair = 'pending' RETURNING run_id`,
      [
        part.key,
        isRecovered ? 'done' : 'not-possible',
        isRecovered ? RECOVERED : `Not recovered: ${notRestored}. ${ALTERNATIVE}`,
      ],
    );
    await manager.query(
      `UPDATE catalogue.upkeep_run SET restoring = restoring - 1, restored = restored + $2 WHERE id = ANY ($1)`,
      [findings.map(({ run_id: id }) => id), isRecovered ? 1 : 0],
    );
  }

  private async pending(keys: readonly string[], of: { run_id?: string }): Promise<Set<string>> {
    if (keys.length === 0) return new Set();
    const rows = await this.dataSource.manager.find(UpkeepFindingRow, {
      select: { object_key: true },
      where: { ...of, kind: 'lost', repair: 'pending', object_key: In(keys) },
    });
    return new Set(rows.map((row) => row.object_key));
  }
}

interface LostRow {
  name: string;
  key: string;
  size: string;
  sha256: string;
  deliveryId: string;
  project: string;
  group: Uid;
  ous: Uid;
  level: 'member' | 'group';
  revision: number;
}
