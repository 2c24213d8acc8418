import { randomUUID } from 'node:crypto';
import { CatalogueReader } from '@almagest/catalogue-db';
import { addJob } from '@almagest/jobs';
import { ManifestError } from '@almagest/object-store';
import type { Uid } from '@almagest/ous';
import { currentContext, type Logger, LOGGER, messageOf, traceparentFrom } from '@almagest/platform';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager, Not } from 'typeorm';
import { ContentService, type CurrentDelivery } from '../content/content.service';
import { RebuildRow } from './rebuild.entity';

/** The task of the job that rebuilds. */
export const REBUILD_TASK = 'search/rebuild';
/** Deliveries that are listed at a time. */
const PAGE = 100;

/**
 * Fills the tables again from the catalogue and the manifests, while queries are served: each ObsUnitSet is replaced in a
 * transaction of its own. An interrupted rebuild resumes after the last complete one.
 */
@Injectable()
export class RebuildService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly catalogue: CatalogueReader,
    private readonly content: ContentService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Fills the tables when this service starts for the first time beside a catalogue. */
  async onModuleInit(): Promise<void> {
    await this.exclusively(async (manager) => {
      if (!(await manager.existsBy(RebuildRow, {}))) await this.add(manager);
    });
  }

  /** Requests a rebuild; returns the unfinished one if there is one. */
  async request(): Promise<RebuildRow> {
    return this.exclusively(async (manager) => {
      return (await manager.findOneBy(RebuildRow, { state: Not('done') })) ?? this.add(manager);
    });
  }

  async find(id: string): Promise<RebuildRow | null> {
    return this.dataSource.manager.findOneBy(RebuildRow, { id });
  }

  /** Makes one attempt. @throws when the store or the database is unavailable; the job is retried */
  async run(id: string, signal: AbortSignal): Promise<void> {
    const row = await this.find(id);
    if (row === null || row.state === 'done') return;
    await this.dataSource.manager.update(RebuildRow, { id }, { state: 'running' });
    try {
      await this.reloadAll(row, signal);
      await this.removeOthers(id, signal);
      await this.dataSource.manager.update(RebuildRow, { id }, { state: 'done', ended_at: new Date() });
    } catch (error) {
      await this.dataSource.manager.update(RebuildRow, { id }, { last_failure: messageOf(error) });
      throw error;
    }
  }

  private async reloadAll({ id, done_to: doneTo }: RebuildRow, signal: AbortSignal): Promise<void> {
    for (let after = doneTo; ;) {
      const page = await this.catalogue.currentDeliveries(after, PAGE);
      for (const delivery of page) {
        signal.throwIfAborted();
        await this.reload(id, delivery);
        after = delivery.ous;
      }
      if (page.length < PAGE) return;
    }
  }

  private async reload(id: string, delivery: CurrentDelivery): Promise<void> {
    const at = { done_to: delivery.ous };
    try {
      await this.dataSource.transaction(async (manager) => {
        await this.content.reload(manager, delivery);
        await manager.increment(RebuildRow, { id }, 'deliveries', 1);
        await manager.update(RebuildRow, { id }, at);
      });
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      this.logger.error({ error, ous: delivery.ous }, 'manifest unusable; the rows of its ObsUnitSet stay as they are');
      await this.dataSource.manager.increment(RebuildRow, { id }, 'failures', 1);
      await this.dataSource.manager.update(RebuildRow, { id }, { ...at, last_failure: error.message });
    }
  }

  /** Shows nothing of the ObsUnitSets that have no current delivery in the catalogue. */
  private async removeOthers(id: string, signal: AbortSignal): Promise<void> {
    for (let after = ''; ;) {
      const page = await this.content.shown(this.dataSource.manager, after, PAGE);
      for (const shown of page) {
        signal.throwIfAborted();
        after = shown.ous;
        await this.dataSource.transaction(async (manager) => {
          const hasCurrent = (await this.catalogue.currentDelivery(shown.ous as Uid)) !== null;
          if (hasCurrent || shown.delivery_id === null) return;
          await this.content.withdrawn(manager, { ...shown, deliveryId: shown.delivery_id });
          await manager.increment(RebuildRow, { id }, 'removed', 1);
        });
      }
      if (page.length < PAGE) return;
    }
  }

  private async add(manager: EntityManager): Promise<RebuildRow> {
    const id = randomUUID();
    await manager.insert(RebuildRow, { id, state: 'waiting' });
    const traceparent = traceparentFrom(currentContext()?.traceparent);
    await addJob(manager, { task: REBUILD_TASK, payload: { id, traceparent }, key: `${REBUILD_TASK}/${id}` });
    return manager.findOneByOrFail(RebuildRow, { id });
  }

  private async exclusively<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('almagest.search.rebuild', 0))`);
      return work(manager);
    });
  }
}
