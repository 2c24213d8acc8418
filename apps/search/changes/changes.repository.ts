import type { Change } from '@almagest/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

interface ChangeRow {
  id: string;
  kind: Change['kind'];
  ous: Change['ous'];
  project: string;
  revision: number;
  delivery: string;
  rights: Change['dataRights'];
  at: Date;
}

/** Reads the changes that are recorded. Their numbers have no gap, and rise in the order of the commits. */
@Injectable()
export class ChangesRepository {
  constructor(private readonly dataSource: DataSource) {}

  async after(number: number, limit: number): Promise<Change[]> {
    const rows = await this.dataSource.query<ChangeRow[]>(
      `SELECT change_id AS id, kind, ous_uid AS ous, proposal_id AS project, revision, delivery_id AS delivery,
              data_rights AS rights, changed_at AT TIME ZONE 'UTC' AS at
         FROM search.change WHERE change_id > $1 ORDER BY change_id LIMIT $2`,
      [number, limit],
    );
    return rows.map(({ id, rights, at, ...change }) => ({
      id: Number(id),
      ...change,
      dataRights: rights,
      at: at.toISOString(),
    }));
  }

  /** Returns the number of the newest change; 0 when there is none. */
  async newest(): Promise<number> {
    const [row] = await this.dataSource.query<{ newest: string }[]>(
      `SELECT COALESCE(max(change_id), 0) AS newest FROM search.change`,
    );
    return Number(row?.newest);
  }
}
