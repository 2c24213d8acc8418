import type { Uid } from '@almagest/ous';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, LessThan, Not } from 'typeorm';
import { type NewRequest, RawRequestAsdmRow, RawRequestRow, StagedAsdmRow } from './raw-request.entity';

/** States in which an ASDM takes room in the staging area, or is about to. */
const TAKING_ROOM = ['waiting', 'staging', 'staged', 'removing'] as const;

/** A request with its ASDMs. */
export interface WholeRequest {
  request: RawRequestRow;
  asdms: StagedAsdmRow[];
}

/**
 * Lets one transaction at a time decide on what is in the staging area: two requests do not take the last room, and
 * nothing is removed that is just being shared.
 */
export async function lockStagingArea(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('almagest.staging-area', 0))`);
}

/** Reads and writes requests for raw data; decides nothing. */
@Injectable()
export class RawRequestsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(id: string): Promise<WholeRequest | null> {
    const request = await this.dataSource.manager.findOneBy(RawRequestRow, { id });
    return request === null ? null : ((await this.withAsdms(this.dataSource.manager, [request]))[0] ?? null);
  }

  /** Newest first, at most `limit`, those before `position`. */
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

  /** What a requester has asked for a MemberOUS and not let expire, newest first; held until the transaction ends. */
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

  /** The ASDMs of a MemberOUS that a new request can share; the place of staging has been held. */
  async shareable(manager: EntityManager, ous: Uid): Promise<StagedAsdmRow[]> {
    return manager.findBy(StagedAsdmRow, { ous, state: In(['waiting', 'staging', 'staged', 'failed']) });
  }

  /** Bytes in the staging area or on the way there. */
  async bytesTaken(manager: EntityManager): Promise<number> {
    return (await manager.sum(StagedAsdmRow, 'size', { state: In([...TAKING_ROOM]) })) ?? 0;
  }

  /** Those of them that a requester has asked for; what is shared counts fully. */
  async asdmsTakenBy(manager: EntityManager, requester: string): Promise<StagedAsdmRow[]> {
    const requests = await manager.findBy(RawRequestRow, { requester, state: Not('expired') });
    const links = await manager.findBy(RawRequestAsdmRow, { request_id: In(requests.map(({ id }) => id)) });
    return manager.findBy(StagedAsdmRow, {
      id: In([...new Set(links.map((link) => link.asdm_id))]),
      state: In([...TAKING_ROOM]),
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

  /** Begins another try of a failed ASDM; the requests that have it wait again. */
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
