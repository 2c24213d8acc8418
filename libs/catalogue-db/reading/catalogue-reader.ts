import {
  type Delivery,
  type DeliverySummary,
  type GroupOus,
  type MemberOus,
  type Ous,
  type Project,
  publicMetadata,
  type PublicMetadata,
} from '@almagest/contracts';
import { compareUids, type Uid } from '@almagest/ous';
import { type DataSource, In, MoreThan } from 'typeorm';
import {
  DeliveryCombinesRow,
  DeliveryRow,
  DeliveryServesRow,
  MemberFileRow,
  PartRow,
  WithdrawalRow,
} from '../entities/delivery.entity';
import { ExecutionBlockRow, GroupReadinessRow, ObsUnitSetRow } from '../entities/obs-unit-set.entity';
import { currentMetadata, mergedObservation, statedObservations } from './project-metadata';
import { type ReleaseDates, releaseDatesWith } from './release-dates';
import { deliveryResource, deliverySummary, groupResource, memberResource } from './resources';
import { type StoredFile, storedFile } from './stored-file';

type FileChange = 'added' | 'removed' | 'changed';

/** The differences between two deliveries, file by file. */
export interface FileDifferences {
  counts: Record<FileChange, number>;
  /** The first ones, sorted by path. */
  files: { change: FileChange; path: string }[];
}

/** Names an ObsUnitSet with a delivery that users see. */
export interface DeliveredOus {
  ous: Uid;
  project: string;
}

/** The catalogue's read model. Returns complete API resources, or null for something unknown. */
export class CatalogueReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Returns the project codes after `after`, sorted. */
  async projectCodes(after: string | null, limit: number): Promise<string[]> {
    const rows = await this.dataSource.manager
      .createQueryBuilder(ObsUnitSetRow, 'ous')
      .select('DISTINCT ous.project', 'code')
      .where(after === null ? 'true' : 'ous.project > :after', { after })
      .orderBy('code')
      .limit(limit)
      .getRawMany<{ code: string }>();
    return rows.map((row) => row.code);
  }

  async project(code: string): Promise<Project | null> {
    const rows = await this.dataSource.manager.findBy(ObsUnitSetRow, { project: code });
    if (rows.length === 0) return null;
    const groups = await this.groups(rows);
    const goals = [...new Set(groups.map((group) => group.scienceGoal))].sort(compareUids);
    return {
      code,
      scienceGoals: goals.map((uid) => ({ uid, groups: groups.filter((group) => group.scienceGoal === uid) })),
    };
  }

  async ous(uid: Uid): Promise<Ous | null> {
    const row = await this.dataSource.manager.findOneBy(ObsUnitSetRow, { uid });
    if (row === null) return null;
    if (row.level === 'member') return (await this.members([row]))[0] ?? null;
    const members = await this.dataSource.manager.findBy(ObsUnitSetRow, { group_uid: uid, level: 'member' });
    return (await this.groups([row, ...members]))[0] ?? null;
  }

  /** Returns the execution blocks of a MemberOUS with the locations of their ASDMs, sorted by uid. */
  async executionBlocks(member: Uid): Promise<ExecutionBlockRow[]> {
    const rows = await this.dataSource.manager.findBy(ExecutionBlockRow, { member_uid: member });
    return rows.sort((a, b) => compareUids(a.uid, b.uid));
  }

  /** Returns the deliveries of an ObsUnitSet below revision `before`, newest first. */
  async deliveries(ous: Uid, before: number | null, limit: number): Promise<DeliverySummary[]> {
    const rows = await this.dataSource.manager
      .createQueryBuilder(DeliveryRow, 'delivery')
      .innerJoin(DeliveryServesRow, 'served', 'served.delivery_id = delivery.id')
      .where('served.ous = :ous', { ous })
      .andWhere(before === null ? 'true' : 'delivery.revision < :before', { before })
      .orderBy('delivery.revision', 'DESC')
      .limit(limit)
      .getMany();
    const [serves, withdrawals] = await Promise.all([this.serves(rows), this.withdrawals(rows)]);
    return rows.map((row) => {
      const of = serves.get(row.id) ?? [];
      const replaced_at = of.find((served) => served.ous === ous)?.replaced_at ?? null;
      const state = row.state !== 'withdrawn' && replaced_at !== null ? 'replaced' : row.state;
      return deliverySummary({ ...row, state, replaced_at }, of, withdrawals.get(row.id) ?? null);
    });
  }

  /** Returns the ObsUnitSets with a current delivery after uid `after`, in byte order of their uids. */
  async delivered(after: string, limit: number): Promise<DeliveredOus[]> {
    return this.dataSource.query<DeliveredOus[]>(
      `SELECT uid AS ous, project FROM catalogue.obs_unit_set WHERE delivery_id IS NOT NULL AND uid COLLATE "C" > $1
        ORDER BY uid COLLATE "C" LIMIT $2`,
      [after, limit],
    );
  }

  /**
   * Returns the ObsUnitSets for which a delivery was current when it was catalogued: those that it serves, without those
   * that had a newer revision.
   */
  async servedWhenCatalogued(deliveryId: string): Promise<Uid[]> {
    const rows = await this.dataSource.query<{ ous: Uid }[]>(
      `SELECT served.ous FROM catalogue.delivery_serves AS served JOIN catalogue.delivery ON id = served.delivery_id
        WHERE id = $1 AND (served.replaced_at IS NULL OR served.replaced_at > delivery.catalogued_at)
        ORDER BY served.ous`,
      [deliveryId],
    );
    return rows.map(({ ous }) => ous);
  }

  /** Returns the release date of a delivery, and of every other one that serves an ObsUnitSet which it serves. */
  async releaseDates(deliveryId: string): Promise<ReleaseDates> {
    return releaseDatesWith(this.dataSource.manager, deliveryId);
  }

  /** Returns the metadata of a project as everyone may see them; null when none are recorded. */
  async metadata(project: string): Promise<PublicMetadata | null> {
    const row = await currentMetadata(this.dataSource.manager, project);
    return row && publicMetadata(row.content);
  }

  /** Returns the id of the current delivery of an ObsUnitSet; null when there is none. */
  async currentDelivery(ous: Uid): Promise<string | null> {
    const row = await this.dataSource.manager.findOneBy(ObsUnitSetRow, { uid: ous });
    return row?.delivery_id ?? null;
  }

  async deliveryRow(id: string): Promise<DeliveryRow | null> {
    return this.dataSource.manager.findOneBy(DeliveryRow, { id });
  }

  async delivery(id: string): Promise<Delivery | null> {
    const row = await this.deliveryRow(id);
    if (row === null) return null;
    const [serves, parts, combines, withdrawals] = await Promise.all([
      this.serves([row]),
      this.dataSource.manager.find(PartRow, { where: { delivery_id: id }, order: { position: 'ASC' } }),
      this.dataSource.manager.find(DeliveryCombinesRow, { where: { delivery_id: id }, order: { member_uid: 'ASC' } }),
      this.withdrawals([row]),
    ]);
    return deliveryResource(row, serves.get(id) ?? [], parts, combines, withdrawals.get(id) ?? null);
  }

  /** Returns the GroupOUS deliveries that combine a member's delivery, without the withdrawn ones. */
  async combinationsOf(memberDelivery: string): Promise<DeliverySummary[]> {
    const rows = await this.dataSource.manager
      .createQueryBuilder(DeliveryRow, 'delivery')
      .innerJoin(DeliveryCombinesRow, 'combines', 'combines.delivery_id = delivery.id')
      .where(`combines.member_delivery_id = :memberDelivery AND delivery.state <> 'withdrawn'`, { memberDelivery })
      .orderBy('delivery.revision', 'ASC')
      .getMany();
    return rows.map((row) => deliverySummary(row, [], null));
  }

  /** Compares the files of two deliveries by path and SHA-256; lists at most `limit` differences, but counts all. */
  async differences(before: string, after: string, limit: number): Promise<FileDifferences> {
    const rows = await this.dataSource.query<{ change: FileChange; path: string | null; count: string }[]>(
      `WITH differing AS (
         SELECT path, CASE WHEN old.sha256 IS NULL THEN 'added' WHEN new.sha256 IS NULL THEN 'removed' ELSE 'changed' END
                AS change
           FROM (SELECT path, sha256 FROM catalogue.member_file WHERE delivery_id = $1) AS old
           FULL JOIN (SELECT path, sha256 FROM catalogue.member_file WHERE delivery_id = $2) AS new USING (path)
          WHERE old.sha256 IS DISTINCT FROM new.sha256),
       named AS (SELECT change, path FROM differing ORDER BY path LIMIT $3)
       SELECT change, NULL AS path, count(*) FROM differing GROUP BY change
       UNION ALL SELECT change, path, 0 FROM named ORDER BY path`,
      [before, after, limit],
    );
    const counts = { added: 0, removed: 0, changed: 0 };
    for (const { change, path, count } of rows) if (path === null) counts[change] = Number(count);
    return { counts, files: rows.flatMap(({ change, path }) => (path === null ? [] : [{ change, path }])) };
  }

  /** Returns the files of a delivery after path `after`, sorted by path. */
  async files(
    deliveryId: string,
    filter: { after: string | null; limit: number; item?: number; role?: string },
  ): Promise<MemberFileRow[]> {
    return this.dataSource.manager.find(MemberFileRow, {
      where: {
        delivery_id: deliveryId,
        ...(filter.after === null ? {} : { path: MoreThan(filter.after) }),
        ...(filter.item === undefined ? {} : { item: filter.item }),
        ...(filter.role === undefined ? {} : { role: filter.role }),
      },
      order: { path: 'ASC' },
      take: filter.limit,
    });
  }

  /** Returns where a file of a delivery is stored; null when the delivery has none of this path. */
  async storedFile(deliveryId: string, path: string): Promise<StoredFile | null> {
    return storedFile(this.dataSource, deliveryId, path);
  }

  private async serves(rows: DeliveryRow[]): Promise<Map<string, DeliveryServesRow[]>> {
    const found = await this.dataSource.manager.findBy(DeliveryServesRow, {
      delivery_id: In(rows.map(({ id }) => id)),
    });
    return new Map(rows.map(({ id }) => [id, found.filter(({ delivery_id }) => delivery_id === id)]));
  }

  private async withdrawals(rows: DeliveryRow[]): Promise<Map<string, WithdrawalRow>> {
    const ids = rows.filter(({ state }) => state === 'withdrawn').map(({ id }) => id);
    const found = ids.length === 0 ? [] : await this.dataSource.manager.findBy(WithdrawalRow, { delivery_id: In(ids) });
    return new Map(found.map((row) => [row.delivery_id, row]));
  }

  private async members(rows: ObsUnitSetRow[]): Promise<MemberOus[]> {
    const { manager } = this.dataSource;
    const found = await manager.findBy(ExecutionBlockRow, { member_uid: In(rows.map(({ uid }) => uid)) });
    // All are of one project.
    const [first] = rows;
    const stated = first && found.length > 0 ? await statedObservations(manager, first.project) : null;
    const blocks = found.map((block) => ({
      ...block,
      observation: mergedObservation(block.observation, stated?.get(block.uid)),
    }));
    return rows
      .sort((a, b) => compareUids(a.uid, b.uid))
      .map((row) =>
        memberResource(
          row,
          blocks.filter((block) => block.member_uid === row.uid).sort((a, b) => compareUids(a.uid, b.uid)),
        ),
      );
  }

  /** Returns the groups among `rows`, with their listed members. */
  private async groups(rows: ObsUnitSetRow[]): Promise<GroupOus[]> {
    const groups = rows.filter((row) => row.level === 'group').sort((a, b) => compareUids(a.uid, b.uid));
    const [members, readiness] = await Promise.all([
      this.members(rows.filter((row) => row.level === 'member' && row.listed)),
      this.dataSource.manager.find(GroupReadinessRow, {
        where: { group_uid: In(groups.map((group) => group.uid)) },
        order: { number: 'ASC' },
      }),
    ]);
    return groups.map((group) =>
      groupResource(
        group,
        members.filter((member) => member.group === group.uid),
        readiness.filter((time) => time.group_uid === group.uid),
      ),
    );
  }
}
