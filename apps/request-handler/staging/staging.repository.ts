import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { RawRequestAsdmRow, RawRequestRow, StagedAsdmRow } from '../requests/raw-request.entity';

/** Reads and writes the state of stagings; decides nothing. */
@Injectable()
export class StagingRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Starts or resumes this staging; returns null when it is settled or a later one has started. */
  async begin(id: string, attempt: number): Promise<StagedAsdmRow | null> {
    const { manager } = this.dataSource;
    const due = { id, attempt, state: In(['waiting', 'staging']) };
    const { affected } = await manager.update(StagedAsdmRow, due, { state: 'staging', bytes_done: 0 });
    return affected === 1 ? manager.findOneByOrFail(StagedAsdmRow, { id }) : null;
  }

  async noteProgress({ id, attempt }: StagedAsdmRow, bytes: number): Promise<void> {
    await this.dataSource.manager.update(StagedAsdmRow, { id, attempt, state: 'staging' }, { bytes_done: bytes });
  }

  async noteFailure({ id, attempt }: StagedAsdmRow, failures: number, error: StagedAsdmRow['error']): Promise<void> {
    await this.dataSource.manager.update(
      StagedAsdmRow,
      { id, attempt, state: 'staging' },
      { state: 'waiting', bytes_done: 0, failures, error },
    );
  }

  /** Settles this staging; returns false when that has been done. */
  async settle(
    manager: EntityManager,
    { id, attempt }: StagedAsdmRow,
    end: Pick<StagedAsdmRow, 'state' | 'error' | 'sha256' | 'bytes_done' | 'staged_at'>,
  ): Promise<boolean> {
    const { affected } = await manager.update(StagedAsdmRow, { id, attempt, state: 'staging' }, end);
    return affected === 1;
  }

  /** Returns the requests that wait for an ASDM, locked until the transaction ends. */
  async lockWaitingFor(manager: EntityManager, asdm: string): Promise<RawRequestRow[]> {
    const links = await manager.findBy(RawRequestAsdmRow, { asdm_id: asdm });
    return manager.find(RawRequestRow, {
      where: { id: In(links.map((link) => link.request_id)), state: 'staging' },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async asdmsOf(manager: EntityManager, request: string): Promise<StagedAsdmRow[]> {
    const links = await manager.findBy(RawRequestAsdmRow, { request_id: request });
    return manager.findBy(StagedAsdmRow, { id: In(links.map((link) => link.asdm_id)) });
  }

  async settleRequest(
    manager: EntityManager,
    id: string,
    end: Pick<RawRequestRow, 'state' | 'settled_at' | 'expires_at'>,
  ): Promise<void> {
    await manager.update(RawRequestRow, { id }, end);
  }
}
