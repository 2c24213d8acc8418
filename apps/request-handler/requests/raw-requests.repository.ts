import type { Uid } from '@almagest/ous';
import { lockUntilCommit } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, LessThan, Not } from 'typeorm';
import { type NewRequest, RawRequestAsdmRow, RawRequestRow, StagedAsdmRow } from './raw-request.entity';

/** States in which an ASDM uses space in the staging area, or soon will. */
const USING_SPACE = ['waiting', 'staging', 'staged', 'removing'] as const;

/** A request with its ASDMs. */
export interface WholeRequest {
  request: RawRequestRow;
  asdms: StagedAsdmRow[];
}

/**
 * Lets one transaction at a time decide about the staging area, until it ends: two requests never claim the same free
 * space, and no ASDM is removed while a request is being recorded that shares it.
 */
export async function lockStagingArea(manager: EntityManager): Promise<void> {
  await lockUntilCommit(manager, ['almagest.staging-area']);
}

/** Reads and writes requests for raw data; decides nothing. */
@Injectable()
export class RawRequestsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(id: string): Promise<WholeRequest | null> {
    const request = await this.dataSource.manager.findOneBy(RawRequestRow, { id });
    return request === null ? null : ((await this.withAsdms(this.dataSource.manager, [request]))[0] ?? null);
  }

  /** Returns at most `limit` requests before `position`, newest first. */
  async list(filter: { ous?: Uid; before: string | null; limit: number }): Promise<WholeRequest[]> {
    const requests = await this.dataSource.manager.find(RawRequestRow, {
      where: {
        ...(filter.ous === undefined ? {} : { ous: filter.ous }),
        ...(filter.before === null ? {} : { position: LessThan(filter.before) }),
      },
      order: { position: 'DESC' },
      take: filter.limit,
    });
    return this.withAsdms(this.dataSource.manager, requests);
  }

  /** Returns a requester's requests for a MemberOUS that have not expired, newest first, locked until the transaction ends. */
  async lockLive(manager: EntityManager, requester: string, ous: Uid): Promise<WholeRequest[]> {
    const requests = await manager.find(RawRequestRow, {
      where: { requester, ous, state: Not('expired') },
      order: { position: 'DESC' },
      lock: { mode: 'pessimistic_write' },
    });
    return this.withAsdms(manager, requests);
  }

  async lock(manager: EntityManager, id: string): Promise<WholeRequest | null> {
    const request = await manager.findOne(RawRequestRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return request === null ? null : ((await this.withAsdms(manager, [request]))[0] ?? null);
  }

  /** Returns the ASDMs of a MemberOUS that a new request can share. The caller has locked the staging area. */
  async shareable(manager: EntityManager, ous: Uid): Promise<StagedAsdmRow[]> {
    return manager.findBy(StagedAsdmRow, { ous, state: In(['waiting', 'staging', 'staged', 'failed']) });
  }

  /** Returns the bytes that are staged or being staged. */
  async bytesInUse(manager: EntityManager): Promise<number> {
    return (await manager.sum(StagedAsdmRow, 'size', { state: In([...USING_SPACE]) })) ?? 0;
  }

  /** Returns the ASDMs in use that a requester has requested, including shared ones. */
  async asdmsInUseBy(manager: EntityManager, requester: string): Promise<StagedAsdmRow[]> {
    const requests = await manager.findBy(RawRequestRow, { requester, state: Not('expired') });
    const links = await manager.findBy(RawRequestAsdmRow, { request_id: In(requests.map(({ id }) => id)) });
    return manager.findBy(StagedAsdmRow, {
      id: In([...new Set(links.map((link) => link.asdm_id))]),
      state: In([...USING_SPACE]),
    });
  }

  async insert(manager: EntityManager, request: NewRequest, asdms: readonly StagedAsdmRow[]): Promise<void> {
    await manager.insert(RawRequestRow, request);
    await manager.insert(
      RawRequestAsdmRow,
      asdms.map(({ id }) => ({ request_id: request.id, asdm_id: id })),
    );
  }

  async insertAsdms(manager: EntityManager, asdms: readonly StagedAsdmRow[]): Promise<void> {
    await manager.insert(StagedAsdmRow, [...asdms]);
  }

  /** Restarts a failed ASDM; the requests that include it wait again. */
  async restart(manager: EntityManager, asdm: StagedAsdmRow): Promise<StagedAsdmRow> {
    const again = { state: 'waiting' as const, attempt: asdm.attempt + 1, failures: 0, bytes_done: 0, error: null };
    await manager.update(StagedAsdmRow, { id: asdm.id }, again);
    const links = await manager.findBy(RawRequestAsdmRow, { asdm_id: asdm.id });
    await manager.update(
      RawRequestRow,
      { id: In(links.map((link) => link.request_id)), state: Not('expired') },
      { state: 'staging', settled_at: null, expires_at: null },
    );
    return { ...asdm, ...again };
  }

  private async withAsdms(manager: EntityManager, requests: readonly RawRequestRow[]): Promise<WholeRequest[]> {
    const links = await manager.findBy(RawRequestAsdmRow, { request_id: In(requests.map(({ id }) => id)) });
    const rows = await manager.findBy(StagedAsdmRow, { id: In(links.map((link) => link.asdm_id)) });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return requests.map((request) => ({
      request,
      asdms: links.flatMap((link) => (link.request_id === request.id ? (byId.get(link.asdm_id) ?? []) : [])),
    }));
  }
}
