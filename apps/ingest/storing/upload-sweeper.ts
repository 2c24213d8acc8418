import { parseStoreKey, storeFolder } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { type Logger, LOGGER } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DeliveriesRepository } from '../deliveries/deliveries.repository';
import { IngestConfig } from '../ingest.config';
import { sweptUploads } from '../ingest.metrics';
import { RestorationsRepository } from '../restoring/restorations.repository';

const DAY = 24 * 3600 * 1000;
const EVERY = DAY / 24;

/** Removes unfinished uploads that nobody will finish: they take room, and no listing of objects shows them. */
@Injectable()
export class UploadSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly deliveries: DeliveriesRepository,
    private readonly restorations: RestorationsRepository,
    private readonly config: IngestConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const sweep = (): void => {
      this.sweeping = this.sweep(new Date()).catch((error: unknown) => {
        this.logger.warn({ error }, 'sweep of abandoned uploads failed');
      });
    };
    sweep();
    this.timer = setInterval(sweep, EVERY).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.sweeping;
  }

  /**
   * Removes the uploads whose delivery is settled, which a run that lost its lease may leave behind, and those of unknown
   * ones when they are old enough; but for a part to be restored.
   */
  async sweep(now: Date): Promise<void> {
    const before = now.getTime() - this.config.settings.uploadKeepDays * DAY;
    for await (const upload of this.store.listUploads('')) {
      if (this.stopped) return;
      const standing = await this.standingOf(upload.key);
      if (standing === 'awaited' || (standing === 'unknown' && upload.startedAt.getTime() > before)) continue;
      await this.store.abortUpload(upload);
      sweptUploads.inc();
      this.logger.info({ key: upload.key, startedAt: upload.startedAt }, 'abandoned upload removed');
    }
  }

  private async standingOf(key: string): Promise<'awaited' | 'settled' | 'unknown'> {
    if (await this.restorations.isAwaited(key)) return 'awaited';
    const parsed = parseStoreKey(key);
    if (parsed === null) return 'unknown';
    const deliveries = await this.deliveries.of(parsed.ous);
    const here = deliveries.filter(({ result }) => storeFolder(result) === parsed.folder);
    if (here.some(({ state }) => state === 'waiting')) return 'awaited';
    return here.length > 0 ? 'settled' : 'unknown';
  }
}
