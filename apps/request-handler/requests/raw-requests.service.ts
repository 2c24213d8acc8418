import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Caller, DataRegister } from '@almagest/access';
import { CatalogueReader } from '@almagest/catalogue-db';
import type { AsdmList, RawRequest, RawRequestStatus } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { toFileForm } from '@almagest/ous';
import { DomainError, failpoint, type StoredContent } from '@almagest/platform';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { AsdmsService } from '../asdms/asdms.service';
import { RecipientsRepository } from '../recipients/recipients.repository';
import { RequestHandlerConfig } from '../request-handler.config';
import { StagingService } from '../staging/staging.service';
import { downloadScript } from './download-script';
import { rawRequestResource } from './raw-request.resource';
import type { NewRequest, RawRequestRow, StagedAsdmRow } from './raw-request.entity';
import { lockStagingArea, RawRequestsRepository, type WholeRequest } from './raw-requests.repository';

type Asdm = AsdmList['asdms'][number];

/** The requester of released data who did not say who they are. */
const ANYBODY = 'anybody';

/** Takes requests for raw data, and gives out what is staged for them. */
@Injectable()
export class RawRequestsService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly requests: RawRequestsRepository,
    private readonly asdms: AsdmsService,
    private readonly catalogue: CatalogueReader,
    private readonly recipients: RecipientsRepository,
    private readonly staging: StagingService,
    private readonly config: RequestHandlerConfig,
    private readonly register: DataRegister,
    @Inject(OBJECT_STORE) private readonly area: ObjectStore,
  ) {}

  /** Tells the guard whose raw data a request is for: those of its MemberOUS, and gone with its delivery. */
  onModuleInit(): void {
    this.register.add('raw-request', async (id) => {
      const whole = z.uuid().safeParse(id).success ? await this.requests.find(id) : null;
      if (whole === null) return null;
      const { ous, delivery_id: delivery } = whole.request;
      const [subject, requested] = await Promise.all([
        this.register.find('ous', ous),
        delivery === null ? null : this.register.find('delivery', delivery),
      ]);
      return subject && { ...subject, withdrawn: requested?.withdrawn ?? subject.withdrawn };
    });
  }

  /**
   * Records a request and has staged what is not. The same request of the same requester is one as long as it lives;
   * different requests for the same ASDM share its staging. What had failed is tried again.
   * @param caller null: nobody in particular, who shares one quota with everybody like that
   * @returns `isNew` false when nothing had to be done
   * @throws DomainError `request-handler.notify-not-recipient`, `.asdm-unknown`, `.no-asdms`, `.quota-exceeded`,
   * `.no-room`, and those of the list of ASDMs
   */
  async request(wanted: RawRequest, caller: Caller | null): Promise<{ isNew: boolean; status: RawRequestStatus }> {
    const list = await this.asdms.of(wanted.ous);
    const chosen = choose(list, wanted);
    const blocks = await this.catalogue.executionBlocks(wanted.ous);
    const places = new Map(blocks.map((block) => [block.uid, block.asdm_location]));
    const member = await this.catalogue.ous(wanted.ous);
    if (member?.level !== 'member' || member.revision === null) throw new Error(`${wanted.ous} is no member any more`);
    const { group: group_uid, revision, delivery: delivery_id } = member;
    await this.mustBeTellable(caller, wanted, delivery_id);
    const request: NewRequest = {
      ...{ id: randomUUID(), requester: caller?.id ?? ANYBODY, project: list.project, group_uid, ous: list.ous },
      ...{ revision, delivery_id, notify: wanted.notify ?? null },
      ...{ state: 'staging', settled_at: null, expires_at: null },
    };
    const rows = chosen.map((asdm) => newRow(list, asdm, places.get(asdm.uid) ?? ''));
    const { isNew, id } = await this.dataSource.transaction((manager) => this.record(manager, request, rows));
    return { isNew, status: await this.status(id) };
  }

  /**
   * A service may have anybody told; the project's people and whoever has a mail's link those alone whom the delivery's
   * own mail goes to; others nobody, or the archive would send mails to anybody for anybody.
   * @throws DomainError `request-handler.notify-not-recipient`
   */
  private async mustBeTellable(
    caller: Caller | null,
    { ous, notify }: RawRequest,
    delivery: string | null,
  ): Promise<void> {
    if (notify === undefined || caller?.scopes.includes('archive:read')) return;
    const isTheirs = caller !== null && (await this.areTheirs(caller, ous));
    if (isTheirs && delivery !== null && (await this.recipients.has(delivery, notify.email))) return;
    throw new DomainError('invalid', 'request-handler.notify-not-recipient', 'A mail may not be sent there', {
      violations: [
        {
          pointer: '/notify/email',
          message: isTheirs
            ? 'expected an address that the mail about the delivery went to'
            : 'expected only with the link of the mail about the delivery, or with a token for its project',
        },
      ],
    });
  }

  private async areTheirs(caller: Caller, ous: string): Promise<boolean> {
    if (caller.link !== null && (await this.register.isRevoked(caller.link.id))) return false;
    const subject = await this.register.find('ous', ous);
    return subject !== null && this.register.belongsTo(caller, subject);
  }

  /** Records a request for these ASDMs, or finds the one it is the same as; what is there already is shared. */
  private async record(
    manager: EntityManager,
    request: NewRequest,
    rows: readonly StagedAsdmRow[],
  ): Promise<{ isNew: boolean; id: string }> {
    await lockStagingArea(manager);
    const live = await this.requests.lockLive(manager, request.requester, request.ous);
    const same = live.find(
      ({ request: lived, asdms }) =>
        !isOver(lived.expires_at) &&
        // Who asks for a mail that nobody is to get yet asks for something else; the staging is shared all the same.
        (request.notify === null || isDeepStrictEqual(request.notify, lived.notify)) &&
        asdms.length === rows.length &&
        rows.every((row) => isAmong(row, asdms)),
    );
    if (same !== undefined) return { isNew: await this.restartFailed(manager, same), id: same.request.id };
    const there = await this.requests.shareable(manager, request.ous);
    const shared = there.filter((row) => isAmong(row, rows));
    const fresh = rows.filter((row) => !isAmong(row, there));
    await this.mustFit(manager, request.requester, shared, fresh);
    await this.requests.insertAsdms(manager, fresh);
    await this.requests.insert(manager, request, [...shared, ...fresh]);
    for (const row of fresh) await this.staging.enqueue(manager, row);
    await this.restart(manager, shared);
    // Everything may be there already.
    await this.staging.settleRequest(manager, request);
    failpoint('request-handler.recorded-before-commit');
    return { isNew: true, id: request.id };
  }

  /** @throws DomainError `request-handler.request-unknown` */
  async status(id: string): Promise<RawRequestStatus> {
    const { request, asdms } = await this.whole(id);
    return rawRequestResource(request, asdms);
  }

  /**
   * Tries again what could not be staged.
   * @returns `isNew` false when there was nothing to try
   * @throws DomainError `request-handler.request-unknown`, `.request-expired`, `.no-room`
   */
  async retry(id: string): Promise<{ isNew: boolean; status: RawRequestStatus }> {
    const isNew = await this.dataSource.transaction(async (manager) => {
      await lockStagingArea(manager);
      const whole = await this.requests.lock(manager, id);
      if (whole === null) throw unknown(id);
      mustLive(whole.request);
      return this.restartFailed(manager, whole);
    });
    return { isNew, status: await this.status(id) };
  }

  /**
   * The bytes of a staged ASDM.
   * @throws DomainError `request-handler.request-unknown`, `.request-expired`, `.file-unknown`, `.not-staged`
   */
  async file(id: string, name: string): Promise<StoredContent> {
    const { request, asdms } = await this.whole(id);
    mustLive(request);
    const row = asdms.find(({ file_name }) => file_name === name);
    if (row === undefined) {
      throw new DomainError('not-found', 'request-handler.file-unknown', `Request ${id} is not for "${name}"`);
    }
    if (row.state !== 'staged' || row.sha256 === null || row.staged_at === null) {
      const why = row.state === 'failed' ? `could not be staged: ${row.error?.message ?? ''}` : 'is not staged yet';
      throw new DomainError('conflict', 'request-handler.not-staged', `${name} ${why}`);
    }
    return {
      ...{ fileName: name, size: row.size, sha256: row.sha256, lastModified: row.staged_at },
      read: (range, signal) => this.area.read(row.object_key, { ...(range === null ? {} : { range }), signal }),
    };
  }

  /**
   * The script that downloads all that is staged of a request.
   * @param link the token of a mail's link, to stand in the script
   * @throws DomainError `request-handler.request-unknown`, `.request-expired`, `.not-staged`
   */
  async script(id: string, link: string | null): Promise<string> {
    const { request, asdms } = await this.whole(id);
    mustLive(request);
    const status = rawRequestResource(request, asdms);
    if (status.script === null) {
      throw new DomainError('conflict', 'request-handler.not-staged', `Nothing of request ${id} is staged`);
    }
    return downloadScript(status, this.config.settings.publicUrl, link);
  }

  private async whole(id: string): Promise<WholeRequest> {
    const whole = await this.requests.find(id);
    if (whole === null) throw unknown(id);
    return whole;
  }

  /** True when there was something to begin again. */
  private async restartFailed(manager: EntityManager, { request, asdms }: WholeRequest): Promise<boolean> {
    await this.mustFit(manager, request.requester, asdms, []);
    return this.restart(manager, asdms);
  }

  private async restart(manager: EntityManager, asdms: readonly StagedAsdmRow[]): Promise<boolean> {
    const failed = asdms.filter(({ state }) => state === 'failed');
    for (const row of failed) await this.staging.enqueue(manager, await this.requests.restart(manager, row));
    return failed.length > 0;
  }

  /** @throws DomainError `request-handler.quota-exceeded`, `request-handler.no-room` */
  private async mustFit(
    manager: EntityManager,
    requester: string,
    shared: readonly StagedAsdmRow[],
    fresh: readonly StagedAsdmRow[],
  ): Promise<void> {
    const { quotaBytes, roomBytes } = this.config.settings;
    const theirs = new Map((await this.requests.asdmsTakenBy(manager, requester)).map((row) => [row.id, row]));
    const have = sizeOf([...theirs.values()]);
    for (const row of [...shared, ...fresh]) theirs.set(row.id, row);
    const total = sizeOf([...theirs.values()]);
    if (total > quotaBytes) {
      throw new DomainError(
        'conflict',
        'request-handler.quota-exceeded',
        `${total - have} bytes more are asked for, you have ${have} staged or on the way, and may have ${quotaBytes}; ` +
          'ask for less, or wait until a request has expired',
      );
    }
    const taken = await this.requests.bytesTaken(manager);
    const more = sizeOf(fresh) + sizeOf(shared.filter(({ state }) => state === 'failed'));
    if (taken + more <= roomBytes) return;
    throw new DomainError(
      'no-room',
      'request-handler.no-room',
      `The staging area is full: ${more} bytes more are asked for, ${taken} of ${roomBytes} are taken; try again when ` +
        'other requests have expired',
      { headers: { 'Retry-After': '3600' } },
    );
  }
}

/** @throws DomainError `request-handler.asdm-unknown`, `request-handler.no-asdms` */
function choose(list: AsdmList, { ous, asdms }: RawRequest): Asdm[] {
  if (typeof asdms === 'string') {
    const chosen = asdms === 'all' ? list.asdms : list.asdms.filter(({ use }) => use === 'used');
    if (chosen.length > 0) return chosen;
    throw new DomainError('not-found', 'request-handler.no-asdms', `No raw data are known for ${ous}`);
  }
  const violations = asdms.flatMap((uid, index) => {
    const pointer = `/asdms/${index}`;
    if (asdms.indexOf(uid) < index) return [{ pointer, message: `${uid} is named twice` }];
    if (list.asdms.some((asdm) => asdm.uid === uid)) return [];
    return [{ pointer, message: `${uid} is not an execution block of ${ous}` }];
  });
  if (violations.length === 0) return list.asdms.filter(({ uid }) => asdms.includes(uid));
  throw new DomainError('invalid', 'request-handler.asdm-unknown', 'The selection cannot be met', { violations });
}

function newRow(list: AsdmList, asdm: Asdm, location: string): StagedAsdmRow {
  const id = randomUUID();
  return {
    ...{ id, project: list.project, ous: list.ous, execution_block: asdm.uid, use: asdm.use, location },
    ...{ size: asdm.size, file_name: asdm.fileName, unpacks_to: asdm.unpacksTo },
    // The id keeps what is staged now apart from what is being removed of an earlier staging.
    object_key: `${list.project}/${toFileForm(list.ous)}/${id}/${asdm.fileName}`,
    ...{ state: 'waiting', attempt: 1, failures: 0, bytes_done: 0, sha256: null, error: null, staged_at: null },
  };
}

/** An ASDM that was posted again, with another size or place, is another one. */
function isAmong(row: StagedAsdmRow, others: readonly StagedAsdmRow[]): boolean {
  return others.some(
    ({ execution_block, size, location }) =>
      execution_block === row.execution_block && size === row.size && location === row.location,
  );
}

function sizeOf(rows: readonly StagedAsdmRow[]): number {
  return rows.reduce((sum, { size }) => sum + size, 0);
}

/** True for a request that has expired, though the sweep may be a minute late to say so. */
function isOver(expires: Date | null): boolean {
  return expires !== null && expires.getTime() <= Date.now();
}

/** @throws DomainError `request-handler.request-expired` */
function mustLive({ id, state, expires_at }: RawRequestRow): void {
  if (state !== 'expired' && !isOver(expires_at)) return;
  throw new DomainError(
    'gone',
    'request-handler.request-expired',
    `Request ${id} has expired and its raw data are not staged any more; make a new one`,
  );
}

function unknown(id: string): DomainError {
  return new DomainError('not-found', 'request-handler.request-unknown', `There is no request for raw data ${id}`);
}
