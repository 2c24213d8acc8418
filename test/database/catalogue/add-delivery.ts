import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '../../harness/test-database';

/** A delivery to insert; what is not stated is the same for all. */
export interface AddedDelivery {
  ous: string;
  project?: string;
  revision?: number;
  state?: 'current' | 'replaced' | 'withdrawn';
  /** Null: never. */
  releaseDate?: string | null;
  /** The files of each part by its name. */
  parts: Record<string, readonly AddedFile[]>;
  /** Sizes of ASDMs by the uid of their execution block. */
  asdms?: Record<string, number>;
}

export interface AddedFile {
  path: string;
  size?: number;
  item?: number;
  role?: string;
  channels?: number;
}

/** Inserts a delivery into the catalogue, without the service that records deliveries. Returns its id. */
export async function addDelivery(db: TestDatabase, added: AddedDelivery): Promise<string> {
  const { ous, project = '2013.1.09999.S', revision = 1, state = 'current', releaseDate = '2015-12-05' } = added;
  const id = randomUUID();
  const values = { id, project, ous, level: 'member', revision, state, outcome: 'PASS', mode: 'pipeline', parts: 1 };
  const sizes = { files: 1, bytes: 1, catalogued_at: new Date(), release_date: releaseDate, report: {} };
  await insert(db, 'delivery', { ...values, ...sizes });
  await insert(db, 'delivery_serves', { delivery_id: id, ous, revision });
  const unit = { uid: ous, level: 'member', project, science_goal: ous, group_uid: ous, listed: true, revision };
  if (state === 'current') await insert(db, 'obs_unit_set', { ...unit, state: 'delivered', delivery_id: id });
  for (const [position, [name, files]] of Object.entries(added.parts).entries()) {
    const part = { delivery_id: id, name, position, size: 5000, sha256: 'b'.repeat(64), object_key: `${id}/${name}` };
    await insert(db, 'part', part);
    for (const { path, size = 100, item = null, role = 'unknown', channels } of files) {
      const spectral = { channels, minimumHz: 229e9, maximumHz: 231e9, frame: 'LSRK' };
      const image = channels === undefined ? null : { centre: null, region: null, stokes: ['I'], spectral };
      const file = { delivery_id: id, path, part: name, data_offset: 512, size, sha256: 'a'.repeat(64) };
      await insert(db, 'member_file', { ...file, item, role, image });
    }
  }
  for (const [uid, size] of Object.entries(added.asdms ?? {})) {
    const block = { member_uid: ous, uid, use: 'used', asdm_size: size, asdm_location: 'file:///a' };
    await insert(db, 'execution_block', block);
  }
  return id;
}

async function insert(db: TestDatabase, table: string, row: object): Promise<void> {
  await db.rows(
    `INSERT INTO catalogue.${table} SELECT * FROM jsonb_populate_record(NULL::catalogue.${table}, $1::jsonb)`,
    [JSON.stringify(row)],
  );
}
