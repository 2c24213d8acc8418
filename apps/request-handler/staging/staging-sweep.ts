import { failpoint, type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, LessThanOrEqual, Not } from 'typeorm';
import { holdStagingArea } from '../requests/raw-requests.repository';
import { RawRequestRow, StagedAsdmRow } from '../requests/raw-request.entity';
import { AsdmTransfer } from './asdm-transfer';

/** Ends what has expired: first the requests, then the ASDMs that no request has any more, then their objects. */
@Injectable()
export class StagingSweep {
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly transfer: AsdmTransfer,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  stop(): void {
    this.stopped = true;
  }

  async run(now: Date): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await holdStagingArea(manager);
      await manager.update(
        RawRequestRow,
        { expires_at: LessThanOrEqual(now), state: Not('expired') },
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
    // Nobody gets at them any more; a sweep that dies here is made up for by the next.
    for (const row of await this.dataSource.manager.findBy(StagedAsdmRow, { state: 'removing' })) {
      if (this.stopped) return;
      await this.transfer.remove(row);
      failpoint('request-handler.removed-before-commit');
      await this.dataSource.manager.update(StagedAsdmRow, { id: row.id }, { state: 'removed', error: null });
      this.logger.info({ executionBlock: row.execution_block }, 'staged ASDM expired');
    }
  }
}
