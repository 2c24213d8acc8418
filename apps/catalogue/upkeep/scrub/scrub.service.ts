import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type CataloguedObject, CataloguedObjects } from '../inventory';
import type { UpkeepRunRow } from '../runs/upkeep-run.entity';
import { type RunAttempt, UpkeepRuns } from '../runs/upkeep-runs';
import { UpkeepConfig } from '../upkeep.config';
import { damagedObjects, lastScrub } from '../upkeep.metrics';
import { CheckedObjectsRepository } from './checked-objects';
import { type DueObject, ObjectCheck, RateLimit } from './object-check';
import { ScrubLog } from './scrub-log';

/** Damaged objects that are logged one by one. The run lists all of them. */
const MAX_LOGGED = 100;

/**
 * Reads every stored object and compares it with its digest in the catalogue. It reports and never changes anything. An
 * interrupted scrub resumes after the last object whose result it recorded.
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

  /** Requests a scrub when the last one, or else the oldest delivery, is as old as the interval. */
  async requestIfDue(now = new Date()): Promise<void> {
    const { scrubInterval } = this.config;
    if (scrubInterval === null) return;
    await this.runs.schedule('scrub', async (lastRequested, manager) => {
      const since = lastRequested ?? (await oldestDelivery(manager));
      return since !== null && now.getTime() - since.getTime() >= scrubInterval;
    });
  }

  /** Sets the metrics to the results of earlier scrubs. */
  async updateMetrics(): Promise<void> {
    damagedObjects.set(await this.checked.countDamaged());
    const last = await this.runs.lastEnded('scrub');
    if (last !== null) lastScrub.set(last.getTime() / 1000);
  }

  /** Makes one attempt at a scrub. @throws when the store or the catalogue cannot be read; the job is retried */
  async run(id: string, signal: AbortSignal): Promise<void> {
    await this.runs.attempt('scrub', id, (attempt) => this.scrub(attempt, signal));
  }

  private async scrub(attempt: RunAttempt<'scrub'>, signal: AbortSignal): Promise<void> {
    const { progress } = attempt;
    if (attempt.doneTo === '') {
      const due = await this.catalogued.count('');
      progress.objects.due = due.objects;
      progress.bytes.due = due.bytes;
    }
    progress.reading = null;
    const log = new ScrubLog(attempt, this.checked);
    try {
      await this.readAll(attempt, log, signal);
    } catch (error) {
      // Record what was read, so that it is not read again. If this fails too, the first error is the one to report.
      await log.write().catch(() => undefined);
      throw error;
    }
    await log.write();
    damagedObjects.set(await this.checked.countDamaged());
    lastScrub.setToCurrentTime();
    this.logger[progress.damaged > 0 ? 'error' : 'info']({ scrub: attempt.id, ...progress }, 'scrub ended');
  }

  private async readAll(attempt: RunAttempt<'scrub'>, log: ScrubLog, signal: AbortSignal): Promise<void> {
    const limit = new RateLimit(this.config.scrubBytesPerSecond);
    const check = new ObjectCheck(this.store, limit, signal, (bytes) => log.bytes(bytes));
    for await (const object of this.catalogued.after(attempt.doneTo)) {
      signal.throwIfAborted();
      if (!isDue(object)) continue;
      await log.start(object);
      const result = await check.check(object);
      await log.add(object, result);
      if (result.outcome !== 'good' && attempt.progress.damaged <= MAX_LOGGED) {
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
