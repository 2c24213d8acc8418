import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type CataloguedObject, CataloguedObjects } from '../inventory/catalogued-objects';
import type { RunHold } from '../runs/run-hold';
import type { UpkeepRunRow } from '../runs/upkeep-run.entity';
import { UpkeepRuns } from '../runs/upkeep-runs';
import { UpkeepConfig } from '../upkeep.config';
import { damagedObjects, lastScrub } from '../upkeep.metrics';
import { CheckedObjectsRepository } from './checked-objects.repository';
import { type DueObject, ObjectCheck } from './object-check';
import { Pace } from './pace';
import { ScrubLog } from './scrub-log';

/** Damaged objects that are logged one by one; the run's findings name all of them. */
const MOST_LOGGED = 100;

/**
 * Reads everything in the store again and holds it against the digests of the catalogue. It reports and never deletes.
 * A scrub that is cut short goes on after the last object it wrote down.
 */
@Injectable()
export class ScrubService {
  constructor(
    private readonly runs: UpkeepRuns,
    private readonly catalogued: CataloguedObjects,
    private readonly checked: CheckedObjectsRepository,
    private readonly config: UpkeepConfig,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async request(): Promise<UpkeepRunRow> {
    return this.runs.request('scrub', { repair: false });
  }

  /** Begins a scrub when the last one, or the first delivery, is as old as the interval. */
  async requestIfDue(now = new Date()): Promise<void> {
    const { scrubInterval } = this.config;
    if (scrubInterval === null) return;
    await this.runs.schedule('scrub', async (lastAsked, manager) => {
      const since = lastAsked ?? (await oldestDelivery(manager));
      return since !== null && now.getTime() - since.getTime() >= scrubInterval;
    });
  }

  /** Tells the metrics what earlier scrubs found. */
  async report(): Promise<void> {
    damagedObjects.set(await this.checked.countDamaged());
    const last = await this.runs.lastEnded('scrub');
    if (last !== null) lastScrub.set(last.getTime() / 1000);
  }

  /** One attempt at a scrub. @throws what keeps the store or the catalogue from being read; it is tried again */
  async run(id: string, signal: AbortSignal): Promise<void> {
    await this.runs.attempt('scrub', id, (hold) => this.scrub(hold, signal));
  }

  private async scrub(hold: RunHold<'scrub'>, signal: AbortSignal): Promise<void> {
    const { progress } = hold;
    if (hold.doneTo === '') {
      const due = await this.catalogued.count('');
      progress.objects.due = due.objects;
      progress.bytes.due = due.bytes;
    }
    progress.reading = null;
    const log = new ScrubLog(hold, this.checked);
    try {
      await this.readAll(hold, log, signal);
    } catch (error) {
      // What was read is not read again; if it cannot be written down, the first error is still the one to tell.
      await log.write().catch(() => undefined);
      throw error;
    }
    await log.write();
    damagedObjects.set(await this.checked.countDamaged());
    lastScrub.setToCurrentTime();
    this.logger[progress.damaged > 0 ? 'error' : 'info']({ scrub: hold.id, ...progress }, 'scrub ended');
  }

  private async readAll(hold: RunHold<'scrub'>, log: ScrubLog, signal: AbortSignal): Promise<void> {
    const pace = new Pace(this.config.scrubBytesPerSecond);
    const check = new ObjectCheck(this.store, pace, signal, (bytes) => log.bytes(bytes));
    for await (const object of this.catalogued.after(hold.doneTo)) {
      signal.throwIfAborted();
      if (!isDue(object)) continue;
      await log.begun(object);
      const result = await check.check(object);
      await log.add(object, result);
      if (result.outcome !== 'good' && hold.progress.damaged <= MOST_LOGGED) {
        this.logger.error({ key: object.key, expected: object.sha256, ...result }, 'stored object is damaged');
      }
    }
  }
}

async function oldestDelivery(manager: EntityManager): Promise<Date | null> {
  const [row] = await manager.query<{ oldest: Date | null }[]>(
    `SELECT min(catalogued_at) AS oldest FROM catalogue.delivery`,
  );
  return row?.oldest ?? null;
}

function isDue(object: CataloguedObject): object is CataloguedObject & DueObject {
  return object.size !== null && object.sha256 !== null;
}
