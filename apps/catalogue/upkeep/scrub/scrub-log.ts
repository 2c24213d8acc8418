import type { UpkeepFinding } from '@almagest/contracts';
import type { EntityManager } from 'typeorm';
import { UpkeepFindingRow } from '../runs/upkeep-run.entity';
import type { RunAttempt } from '../runs/upkeep-runs';
import { damagedObjects, scrubbedBytes, scrubbedObjects } from '../upkeep.metrics';
import type { CheckedObjectsRepository } from './checked-objects';
import type { CheckResult, DueObject } from './object-check';

/** Results written together. */
const BATCH = 500;
/** The longest time between writes, in milliseconds. */
const WRITE_EVERY = 5_000;

const REMARKS = {
  corrupt:
    'The stored bytes differ from those that were catalogued. Nothing was changed: copy the object back from a backup.',
  unreadable: 'The store has the object but does not return all of its bytes. Check its disk.',
  lost: 'The object is not in the store. `almagest reconcile --repair` reads a part again from where it was posted.',
} satisfies Partial<Record<UpkeepFinding['kind'], string>>;

/** Records the results of a scrub in batches: its progress, the state of each object, and the findings. */
export class ScrubLog {
  private results: { object: DueObject; result: CheckResult; at: Date }[] = [];
  private written = performance.now();

  constructor(
    private readonly attempt: RunAttempt<'scrub'>,
    private readonly objects: CheckedObjectsRepository,
  ) {}

  async start({ key }: DueObject): Promise<void> {
    this.attempt.progress.reading = { key, bytes: 0 };
    await this.writeIfDue();
  }

  async bytes(count: number): Promise<void> {
    scrubbedBytes.inc(count);
    if (this.attempt.progress.reading !== null) this.attempt.progress.reading.bytes += count;
    await this.writeIfDue();
  }

  async add(object: DueObject, result: CheckResult): Promise<void> {
    this.results.push({ object, result, at: new Date() });
    const { progress } = this.attempt;
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
    const doneTo = results.at(-1)?.object.key ?? this.attempt.doneTo;
    await this.attempt.save(doneTo, async (manager) => {
      if (results.length === 0) return;
      await this.writeFindings(manager, results);
      await this.objects.record(
        manager,
        results.map(({ object, result, at }) => ({
          object_key: object.key,
          outcome: result.outcome,
          damaged_version: 'version' in result ? result.version : null,
          checked_at: at,
        })),
      );
    });
    this.written = performance.now();
    // Counting takes longer the more objects there are, so batches without damage skip it.
    if (results.some(({ result }) => result.outcome !== 'good')) damagedObjects.set(await this.objects.countDamaged());
  }

  private async writeIfDue(): Promise<void> {
    if (this.results.length >= BATCH || performance.now() - this.written > WRITE_EVERY) await this.write();
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
        run_id: this.attempt.id,
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
