import type { UpkeepFinding } from '@almagest/contracts';
import type { EntityManager } from 'typeorm';
import type { RunHold } from '../runs/run-hold';
import { UpkeepFindingRow } from '../runs/upkeep-run.entity';
import { damagedObjects, scrubbedBytes, scrubbedObjects } from '../upkeep.metrics';
import type { CheckedObjectsRepository } from './checked-objects.repository';
import type { CheckResult, DueObject } from './object-check';

/** Results written together, and how long they are kept back at most, in ms. */
const BATCH = 500;
const KEPT_BACK = 5_000;

const REMARKS = {
  corrupt: 'The stored bytes are not those that were catalogued. Nothing was changed: restore the object from a copy.',
  unreadable: 'The store has the object and does not give all of its bytes. Look at its disk.',
  lost: 'The store does not have the object. `almagest reconcile --repair` reads a part again from where it was posted.',
} satisfies Partial<Record<UpkeepFinding['kind'], string>>;

/** Writes down what a scrub finds, in batches: progress, the memory of each object, and the findings together. */
export class ScrubLog {
  private results: { object: DueObject; result: CheckResult; at: Date }[] = [];
  private written = performance.now();

  constructor(
    private readonly hold: RunHold<'scrub'>,
    private readonly objects: CheckedObjectsRepository,
  ) {}

  async begun({ key }: DueObject): Promise<void> {
    this.hold.progress.reading = { key, bytes: 0 };
    await this.writeIfDue();
  }

  async bytes(count: number): Promise<void> {
    scrubbedBytes.inc(count);
    if (this.hold.progress.reading !== null) this.hold.progress.reading.bytes += count;
    await this.writeIfDue();
  }

  async add(object: DueObject, result: CheckResult): Promise<void> {
    this.results.push({ object, result, at: new Date() });
    const { progress } = this.hold;
    progress.objects.read += 1;
    progress.bytes.read += progress.reading?.bytes ?? 0;
    progress.reading = null;
    if (result.outcome !== 'good') progress.damaged += 1;
    scrubbedObjects.inc({ outcome: result.outcome });
    await this.writeIfDue();
  }

  async write(): Promise<void> {
    const results = this.results;
    this.results = [];
    const doneTo = results.at(-1)?.object.key ?? this.hold.doneTo;
    await this.hold.save(doneTo, async (manager) => {
      if (results.length === 0) return;
      await this.writeFindings(manager, results);
      await this.objects.remember(
        manager,
        results.map(({ object, result, at }) => ({
          object_key: object.key,
          outcome: result.outcome,
          checked_at: at,
        })),
      );
    });
    this.written = performance.now();
    // Counting takes the longer the more objects are known: not after every batch of good ones.
    if (results.some(({ result }) => result.outcome !== 'good')) damagedObjects.set(await this.objects.countDamaged());
  }

  private async writeIfDue(): Promise<void> {
    if (this.results.length >= BATCH || performance.now() - this.written > KEPT_BACK) await this.write();
  }

  private async writeFindings(manager: EntityManager, results: ScrubLog['results']): Promise<void> {
    const damaged = results.flatMap(({ object, result, at }) =>
      result.outcome === 'good' ? [] : [{ object, result, at }],
    );
    if (damaged.length === 0) return;
    const lastGood = await this.objects.lastGood(
      manager,
      damaged.map(({ object }) => object.key),
    );
    await manager.insert(
      UpkeepFindingRow,
      damaged.map(({ object, result, at }) => ({
        run_id: this.hold.id,
        kind: result.outcome,
        object_key: object.key,
        upload_id: null,
        expected: object.sha256,
        found: result.outcome === 'lost' ? null : result.found,
        remark: REMARKS[result.outcome],
        repair: null,
        last_good_at: lastGood.get(object.key) ?? null,
        found_at: at,
      })),
    );
  }
}
