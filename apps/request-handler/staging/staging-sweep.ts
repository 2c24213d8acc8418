import { failpoint, type Logger, LOGGER, Periodic } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, LessThanOrEqual, Not } from 'typeorm';
import { lockStagingArea } from '../requests/raw-requests.repository';
import { RawRequestRow, StagedAsdmRow } from '../requests/raw-request.entity';
import { AsdmTransfer } from './asdm-transfer';

const INTERVAL_MS = 60_000;

/** Removes what has expired, every minute: first the requests, then the ASDMs of no other request, then their objects. */
@Injectable()
export class StagingSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly transfer: AsdmTransfer,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.sweeps = new Periodic('sweep of the staging area', INTERVAL_MS, (signal) => this.run(signal), logger);
  }

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeps.stop();
  }

  private async run(signal: AbortSignal): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await lockStagingArea(manager);
      await manager.update(
        RawRequestRow,
        { expires_at: LessThanOrEqual(new Date()), state: Not('expired') },
        { state: 'expired' },
      );
      await manager
        .createQueryBuilder()
        .update(StagedAsdmRow)
        .set({ state: 'removing' })
        .where(`state IN ('staged', 'failed')`)
        .andWhere(
          `NOT EXISTS (SELECT 1 FROM request_handler.raw_request_asdm link
             JOIN request_handler.raw_request request ON request.id = link.request_id
             WHERE link.asdm_id = staged_asdm.id AND request.state <> 'expired')`,
        )
        .execute();
    });
    // Nobody can download them any more; if this sweep dies, the next one removes them.
    for (const row of await this.dataSource.manager.findBy(StagedAsdmRow, { state: 'removing' })) {
      if (signal.aborted) return;
      await this.transfer.remove(row);
      failpoint('request-handler.removed-before-commit');
      await this.dataSource.manager.update(StagedAsdmRow, { id: row.id }, { state: 'removed', error: null });
      this.logger.info({ executionBlock: row.execution_block }, 'staged ASDM expired');
    }
  }
}
