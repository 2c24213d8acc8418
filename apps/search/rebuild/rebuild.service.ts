import { randomUUID } from 'node:crypto';
import { CatalogueReader } from '@almagest/catalogue-db';
import { addJob } from '@almagest/jobs';
import type { Uid } from '@almagest/ous';
import { currentContext, lockUntilCommit, messageOf, traceparentFrom } from '@almagest/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager, Not } from 'typeorm';
import { ContentService } from '../content/content.service';
import { RebuildRow } from './rebuild.entity';

/** The task of the job that rebuilds. */
export const REBUILD_TASK = 'search/rebuild';
/** ObsUnitSets that are listed at a time. */
const PAGE = 100;
/** Nobody else adds a rebuild meanwhile. */
const LOCK = 'almagest.search.rebuild';

/**
 * Fills the tables again from the catalogue, while queries are served: each ObsUnitSet is replaced in a transaction of its
 * own. An interrupted rebuild resumes after the last complete one.
 */
@Injectable()
export class RebuildService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly catalogue: CatalogueReader,
    private readonly content: ContentService,
  ) {}

  /** Fills the tables when this service starts for the first time beside a catalogue. */
  async onModuleInit(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await lockUntilCommit(manager, [LOCK]);
      if (!(await manager.existsBy(RebuildRow, {}))) await this.add(manager);
    });
  }

  /** Requests a rebuild; returns the unfinished one if there is one. */
  async request(): Promise<RebuildRow> {
    return this.dataSource.transaction(async (manager) => {
      await lockUntilCommit(manager, [LOCK]);
      return (await manager.findOneBy(RebuildRow, { state: Not('done') })) ?? this.add(manager);
    });
  }

  /** Adds a rebuild in the transaction of `manager`; it begins after the one that is under way, if there is one. */
  async add(manager: EntityManager): Promise<RebuildRow> {
    const id = randomUUID();
    await manager.insert(RebuildRow, { id, state: 'waiting' });
    const traceparent = traceparentFrom(currentContext()?.traceparent);
    await addJob(manager, { task: REBUILD_TASK, payload: { id, traceparent }, key: `${REBUILD_TASK}/${id}` });
    return manager.findOneByOrFail(RebuildRow, { id });
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
      const page = await this.catalogue.delivered(after, PAGE);
      for (const unit of page) {
        signal.throwIfAborted();
        await this.dataSource.transaction(async (manager) => {
          const shown = await this.content.reload(manager, unit);
          if (shown !== null) await manager.increment(RebuildRow, { id }, 'deliveries', 1);
          await manager.update(RebuildRow, { id }, { done_to: unit.ous });
        });
        after = unit.ous;
      }
      if (page.length < PAGE) return;
    }
  }

  /** Shows nothing of the ObsUnitSets that have no current delivery in the catalogue. */
  private async removeOthers(id: string, signal: AbortSignal): Promise<void> {
    for (let after = ''; ;) {
      const page = await this.content.shown(this.dataSource.manager, after, PAGE);
      for (const shown of page) {
        signal.throwIfAborted();
        after = shown.ous;
        if ((await this.catalogue.currentDelivery(shown.ous as Uid)) !== null) continue;
        await this.dataSource.transaction(async (manager) => {
          if ((await this.content.reload(manager, shown)) !== null) return;
          await manager.increment(RebuildRow, { id }, 'removed', 1);
        });
      }
      if (page.length < PAGE) return;
    }
  }
}
