import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deliveryFolder,
  furtherMembers,
  type ManifestDelivery,
  type ManifestFile,
  manifestKey,
  type ManifestLine,
  partKey,
  servedBy,
} from '@almagest/contracts';
import { DeliveryInspection } from '@almagest/delivery';
import { Outbox } from '@almagest/messaging';
import { chunkSizeFor, DirectoryObjectStore, type ObjectStore } from '@almagest/object-store';
import { parseUid, type Uid } from '@almagest/ous';
import type { DataSource, EntityManager } from 'typeorm';
import { DeliveriesRepository } from '../../../apps/catalogue/record/deliveries.repository';
import { GroupReadinessService } from '../../../apps/catalogue/record/group-readiness.service';
import { HierarchyRepository } from '../../../apps/catalogue/record/hierarchy.repository';
import { type Decision, RecordService, type StoredDelivery } from '../../../apps/catalogue/record/record.service';
import { type OusFailure, WithdrawalService } from '../../../apps/catalogue/record/withdrawal.service';
import { CataloguedObjects } from '../../../apps/catalogue/upkeep/inventory';
import { RebuildService } from '../../../apps/catalogue/upkeep/rebuild/rebuild.service';
import { DeliveryLookup } from '../../../apps/catalogue/upkeep/reconcile/delivery-lookup';
import { Inspector } from '../../../apps/catalogue/upkeep/reconcile/inspector';
import { PartRecovery } from '../../../apps/catalogue/upkeep/reconcile/part-recovery';
import { ReconcileService } from '../../../apps/catalogue/upkeep/reconcile/reconcile.service';
import type { UpkeepFindingRow } from '../../../apps/catalogue/upkeep/runs/upkeep-run.entity';
import { UpkeepRuns } from '../../../apps/catalogue/upkeep/runs/upkeep-runs';
import { CheckedObjectsRepository } from '../../../apps/catalogue/upkeep/scrub/checked-objects';
import { ScrubService } from '../../../apps/catalogue/upkeep/scrub/scrub.service';
import { UpkeepConfig } from '../../../apps/catalogue/upkeep/upkeep.config';
import { quiet, TestDatabase } from '../../harness/test-database';

export const PROJECT = '2013.1.09999.S';
export const GOAL = parseUid('uid://A001/X1/Xa1');
export const GROUP = parseUid('uid://A001/X1/Xa2');
export const A = parseUid('uid://A001/X1/Xa3');
export const B = parseUid('uid://A001/X1/Xa4');
export const HOUR = 3600 * 1000;

/** A delivery with two parts of random bytes and two files in each part. */
export interface MadeDelivery {
  id: string;
  ous: Uid;
  revision: number;
  folder: string;
  parts: { name: string; key: string; bytes: Buffer; sha256: string }[];
  manifestKey: string;
  manifest: Buffer;
  stored: StoredDelivery;
  line: ManifestDelivery;
}

/** The catalogue's services on a real database and a real directory store, without a running process. */
export class Fixture {
  readonly record: RecordService;
  readonly runs: UpkeepRuns;
  readonly recovery: PartRecovery;
  readonly never = new AbortController().signal;

  private constructor(
    readonly db: TestDatabase,
    readonly source: DataSource,
    readonly root: string,
    readonly store: DirectoryObjectStore,
  ) {
    this.record = this.records(store);
    this.runs = new UpkeepRuns(source);
    this.recovery = new PartRecovery(source, new Outbox('catalogue'));
  }

  static async create(): Promise<Fixture> {
    const db = await TestDatabase.create();
    const root = await mkdtemp(join(tmpdir(), 'almagest-upkeep-'));
    const store = new DirectoryObjectStore({ root });
    await store.verify();
    return new Fixture(db, await db.open('catalogue'), root, store);
  }

  async close(): Promise<void> {
    await this.db.drop();
    await rm(this.root, { recursive: true, force: true });
  }

  /** Empties the catalogue and the store. */
  async clear(): Promise<void> {
    const tables = this.source.entityMetadatas.map((entity) => entity.tablePath);
    await this.source.query(`TRUNCATE ${tables.join(', ')}`);
    for await (const { key } of this.store.list('')) await this.store.delete(key);
    for await (const upload of this.store.listUploads('')) await this.store.abortUpload(upload);
  }

  config(change: Partial<ConstructorParameters<typeof UpkeepConfig>[0]> = {}): UpkeepConfig {
    return new UpkeepConfig({
      SCRUB_INTERVAL_DAYS: 7,
      SCRUB_BYTES_PER_SECOND: 1024 ** 3,
      RECONCILE_GRACE_HOURS: 24,
      ...change,
    });
  }

  records(store: ObjectStore): RecordService {
    const [hierarchy, deliveries, outbox] = [
      new HierarchyRepository(),
      new DeliveriesRepository(),
      new Outbox('catalogue'),
    ];
    const readiness = new GroupReadinessService(hierarchy, outbox);
    const withdrawals = new WithdrawalService(hierarchy, deliveries, outbox, store);
    return new RecordService(hierarchy, deliveries, readiness, withdrawals, outbox, store);
  }

  scrubs(store: ObjectStore = this.store, config = this.config()): ScrubService {
    const checked = new CheckedObjectsRepository(this.source);
    return new ScrubService(this.runs, new CataloguedObjects(this.source), checked, config, store, quiet);
  }

  reconciliations(store: ObjectStore = this.store, config = this.config()): ReconcileService {
    const catalogued = new CataloguedObjects(this.source);
    const inspector = new Inspector(catalogued, new DeliveryLookup(this.source), this.recovery, store);
    return new ReconcileService(this.source, this.runs, catalogued, inspector, this.recovery, config, store, quiet);
  }

  rebuilds(store: ObjectStore = this.store): RebuildService {
    return new RebuildService(
      this.source,
      this.runs,
      new DeliveriesRepository(),
      new HierarchyRepository(),
      new Outbox('catalogue'),
      store,
      quiet,
    );
  }

  /** Makes a delivery without storing it; `more` are further files of its last part, as the manifest describes them. */
  async make(
    ous: Uid,
    revision: number,
    change: Partial<ManifestDelivery> = {},
    more: readonly ManifestFile[] = [],
  ): Promise<MadeDelivery> {
    const level = ous === GROUP ? ('group' as const) : ('member' as const);
    const group = change.group?.uid ?? GROUP;
    const folder = deliveryFolder({ project: PROJECT, group, ous, revision });
    const id = randomUUID();
    const posted = { project: PROJECT, level, scienceGoal: GOAL, group: GROUP, ous, executionBlocks: [] };
    const line: ManifestDelivery = {
      kind: 'delivery',
      version: 1,
      id,
      project: PROJECT,
      level,
      scienceGoal: GOAL,
      group: {
        uid: GROUP,
        members: [
          { uid: A, array: '12m' },
          { uid: B, array: '7m' },
        ],
      },
      ous,
      revision,
      outcome: 'PASS',
      decidedAt: `2026-01-0${revision}T00:00:00Z`,
      releaseDate: '2027-01-01',
      executionBlocks: [],
      report: await new DeliveryInspection({ posted }).finish(),
      ...change,
    };
    const parts = [1, 2].map((number) => {
      const name = `${PROJECT}_${ous.replace('://', '___').replaceAll('/', '_')}_${number}_of_2.tar`;
      const bytes = randomBytes(10_000 + number);
      return { name, key: partKey(folder, name), bytes, sha256: sha256Of(bytes) };
    });
    const lines: ManifestLine[] = [line, ...parts.flatMap((part, index) => linesOf(part, index)), ...more];
    const manifest = Buffer.from(lines.map((each) => `${JSON.stringify(each)}\n`).join(''));
    const stored = {
      deliveryId: id,
      project: PROJECT,
      group,
      ous,
      level,
      revision,
      manifest: { key: manifestKey(folder), size: manifest.length, sha256: sha256Of(manifest) },
    };
    return { id, ous, revision, folder, parts, manifestKey: manifestKey(folder), manifest, stored, line };
  }

  /** Stores the parts, as ingest does before it stores the manifest. */
  async storeParts({ parts }: MadeDelivery): Promise<void> {
    for (const { key, bytes } of parts) await this.store.put(key, bytes);
  }

  async storeManifest({ manifestKey, manifest }: MadeDelivery): Promise<void> {
    await this.store.put(manifestKey, manifest);
  }

  async accept({ line }: MadeDelivery): Promise<void> {
    await this.inTransaction((manager) => this.record.decided(manager, decisionOf(line), true, new Date()));
  }

  /** Records a FAIL for a revision. */
  async fail(ous: Uid, revision: number, reason: string | null = null): Promise<OusFailure> {
    const { line } = await this.make(ous, revision, { outcome: 'FAIL' });
    const failure = { result: randomUUID(), ous, revision, decidedAt: line.decidedAt, reason };
    await this.inTransaction((manager) => this.record.decided(manager, decisionOf(line), false, new Date(), failure));
    return failure;
  }

  async catalogue({ stored }: MadeDelivery, record = this.record): Promise<void> {
    await this.inTransaction((manager) => record.stored(manager, stored));
  }

  async reject({ id, ous, revision, line }: MadeDelivery): Promise<void> {
    const { level, report } = line;
    const alsoServes = furtherMembers(line);
    const event = { deliveryId: id, project: PROJECT, group: GROUP, ous, alsoServes, level, revision, report };
    await this.inTransaction((manager) => this.record.rejected(manager, event));
  }

  /** Makes, accepts and stores a delivery, but does not catalogue it. */
  async ingest(...made: Parameters<Fixture['make']>): Promise<MadeDelivery> {
    const delivery = await this.make(...made);
    await this.accept(delivery);
    await this.storeParts(delivery);
    await this.storeManifest(delivery);
    return delivery;
  }

  /** Makes, accepts, stores and catalogues a delivery. */
  async deliver(...made: Parameters<Fixture['make']>): Promise<MadeDelivery> {
    const delivery = await this.ingest(...made);
    await this.catalogue(delivery);
    return delivery;
  }

  /** Starts an upload and writes one chunk. */
  async beginUpload(key: string): Promise<void> {
    const upload = await this.store.startUpload(key, chunkSizeFor(0));
    await this.store.writeChunk(upload, 1, Buffer.from('unfinished'));
  }

  path(key: string): string {
    return join(this.root, key);
  }

  /** Sets the age of an object. */
  async age(key: string, milliseconds: number): Promise<void> {
    const time = new Date(Date.now() - milliseconds);
    await utimes(this.path(key), time, time);
  }

  /** Sets the age of every object in the store. */
  async ageAll(milliseconds: number): Promise<void> {
    for await (const { key } of this.store.list('')) await this.age(key, milliseconds);
  }

  /** Flips one bit of a stored object's file. */
  async flipBit(key: string, at: number): Promise<void> {
    const bytes = await readFile(this.path(key));
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(this.path(key), bytes);
  }

  async keys(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.store.list('')) keys.push(key);
    return keys;
  }

  async findings(runId: string): Promise<UpkeepFindingRow[]> {
    return this.runs.findings(runId, null, 1000);
  }

  private async inTransaction(work: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.source.transaction(work);
  }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function decisionOf({ project, ous, revision, outcome, ...place }: ManifestDelivery): Decision {
  return { project, serves: servedBy(place, ous), revision, outcome };
}

function linesOf({ name, key, bytes, sha256 }: MadeDelivery['parts'][number], index: number): ManifestLine[] {
  const file = (path: string, offset: number, size: number): ManifestLine => ({
    kind: 'file',
    path,
    offset,
    size,
    sha256: sha256Of(bytes.subarray(offset, offset + size)),
    item: 1,
    role: 'product',
    segments: null,
    image: null,
  });
  return [
    { kind: 'part', name, key, size: bytes.length, sha256 },
    file(`${PROJECT}/product/${index}.fits`, 512, 2000),
    file(`${PROJECT}/product/${index}.txt`, 3072, 0),
  ];
}
