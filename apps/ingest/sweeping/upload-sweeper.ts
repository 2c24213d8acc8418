import { parseStoreKey, storeFolder } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { type Logger, LOGGER, Periodic } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DeliveriesRepository } from '../deliveries/deliveries.repository';
import { IngestConfig } from '../ingest.config';
import { sweptUploads } from '../ingest.metrics';
import { RecoveriesRepository } from '../recovery/recoveries.repository';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;

/** Removes abandoned uploads every hour: they take space, and no listing of objects shows them. */
@Injectable()
export class UploadSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeps: Periodic;

  constructor(
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly deliveries: DeliveriesRepository,
    private readonly recoveries: RecoveriesRepository,
    private readonly config: IngestConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.sweeps = new Periodic('sweep of abandoned uploads', HOUR, (signal) => this.sweep(new Date(), signal), logger);
  }

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeps.stop();
  }

  /**
   * Removes the uploads of settled deliveries, which a run that lost its lease may leave behind, and those of unknown
   * deliveries when they are old enough. Keeps the upload of a part to be recovered.
   */
  async sweep(now: Date, signal?: AbortSignal): Promise<void> {
    const before = now.getTime() - this.config.settings.uploadKeepDays * DAY;
    for await (const upload of this.store.listUploads('')) {
      if (signal?.aborted) return;
      const use = await this.useOf(upload.key);
      if (use === 'awaited' || (use === 'unknown' && upload.startedAt.getTime() > before)) continue;
      await this.store.abortUpload(upload);
      sweptUploads.inc();
      this.logger.info({ key: upload.key, startedAt: upload.startedAt }, 'abandoned upload removed');
    }
  }

  /** Whether a job awaits the upload of this key, its delivery is settled, or its delivery is unknown. */
  private async useOf(key: string): Promise<'awaited' | 'settled' | 'unknown'> {
    if (await this.recoveries.isAwaited(key)) return 'awaited';
    const parsed = parseStoreKey(key);
    if (parsed === null) return 'unknown';
    const deliveries = await this.deliveries.findByOus(parsed.ous);
    const here = deliveries.filter(({ result }) => storeFolder(result) === parsed.folder);
    if (here.some(({ state }) => state === 'waiting')) return 'awaited';
    return here.length > 0 ? 'settled' : 'unknown';
  }
}
