import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Caller, DataRegister } from '@almagest/access';
import { CatalogueReader } from '@almagest/catalogue-db';
import type { AsdmList, RawRequest, RawRequestStatus } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectStore, RecordedObject } from '@almagest/object-store';
import { toFileForm } from '@almagest/ous';
import { DomainError, failpoint, type StoredContent } from '@almagest/platform';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { AsdmsService } from '../asdms/asdms.service';
import { RecipientsRepository } from '../recipients/recipients.repository';
import { RequestHandlerConfig } from '../request-handler.config';
import { StagingService } from '../staging/staging.service';
import { rawDownloadScript } from './raw-download-script';
import { rawRequestResource } from './raw-request.resource';
import type { NewRequest, RawRequestRow, StagedAsdmRow } from './raw-request.entity';
import { lockStagingArea, RawRequestsRepository, type WholeRequest } from './raw-requests.repository';

type Asdm = AsdmList['asdms'][number];

/** The requester of released data who is not authenticated. */
const ANYBODY = 'anybody';

/** Accepts requests for raw data, and serves what is staged for them. */
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

  /** Registers whose data a request is about: those of its MemberOUS, and withdrawn with its delivery. */
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
   * Records a request, and queues the staging of its ASDMs that are not staged. Repeating a request before it expires
   * returns the same one; different requests for the same ASDM share its staging. Failed ASDMs are retried.
   * @param caller null when not authenticated; all such callers share one quota
   * @returns `isNew` false when there was nothing to do
   * @throws DomainError `request-handler.notify-not-recipient`, `.asdm-unknown`, `.no-asdms`, `.quota-exceeded`,
   * `.no-room`, and those of the list of ASDMs
   */
  async request(wanted: RawRequest, caller: Caller | null): Promise<{ isNew: boolean; status: RawRequestStatus }> {
    const list = await this.asdms.list(wanted.ous);
    const chosen = choose(list, wanted);
    const blocks = await this.catalogue.executionBlocks(wanted.ous);
    const places = new Map(blocks.map((block) => [block.uid, block.asdm_location]));
    const member = await this.catalogue.ous(wanted.ous);
    if (member?.level !== 'member' || member.revision === null)
      throw new Error(`${wanted.ous} is no longer a MemberOUS`);
    const { group: group_uid, revision, delivery: delivery_id } = member;
    await this.assertMayNotify(caller, wanted, delivery_id);
    const request: NewRequest = {
      id: randomUUID(),
      requester: caller?.id ?? ANYBODY,
      project: list.project,
      group_uid,
      ous: list.ous,
      revision,
      delivery_id,
      notify: wanted.notify ?? null,
      state: 'staging',
      settled_at: null,
      expires_at: null,
    };
    const rows = chosen.map((asdm) => newRow(list, asdm, places.get(asdm.uid) ?? ''));
    const { isNew, id } = await this.dataSource.transaction((manager) => this.record(manager, request, rows));
    return { isNew, status: await this.status(id) };
  }

  /**
   * A service may name any address. Members of the project and users of a mail's link may name the recipients of the
   * delivery's own mail. All others may name none, or anyone could make the archive send mails to anyone.
   * @throws DomainError `request-handler.notify-not-recipient`
   */
  private async assertMayNotify(
    caller: Caller | null,
    { ous, notify }: RawRequest,
    delivery: string | null,
  ): Promise<void> {
    if (notify === undefined || caller?.scopes.includes('archive:read')) return;
    const isMember = caller !== null && (await this.mayReadAsMember(caller, ous));
    if (isMember && delivery !== null && (await this.recipients.has(delivery, notify.email))) return;
    throw new DomainError(
      'invalid',
      'request-handler.notify-not-recipient',
      'You may not have the archive send a mail to this address',
      {
        violations: [
          {
            pointer: '/notify/email',
            message: isMember
              ? 'expected a recipient of the mail about the delivery'
              : 'allowed only with the link of the mail about the delivery, or with a token for its project',
          },
        ],
      },
    );
  }

  private async mayReadAsMember(caller: Caller, ous: string): Promise<boolean> {
    if (caller.link !== null && (await this.register.isRevoked(caller.link.id))) return false;
    const subject = await this.register.find('ous', ous);
    return subject !== null && this.register.belongsTo(caller, subject);
  }

  /** Records a request for these ASDMs, or finds an equal one; ASDMs that are staged already are shared. */
  private async record(
    manager: EntityManager,
    request: NewRequest,
    rows: readonly StagedAsdmRow[],
  ): Promise<{ isNew: boolean; id: string }> {
    await lockStagingArea(manager);
    const live = await this.requests.lockLive(manager, request.requester, request.ous);
    const same = live.find(
      ({ request: lived, asdms }) =>
        !isExpired(lived.expires_at) &&
        // A request for another mail is another request; it shares the staging nevertheless.
        (request.notify === null || isDeepStrictEqual(request.notify, lived.notify)) &&
        asdms.length === rows.length &&
        rows.every((row) => isAmong(row, asdms)),
    );
    if (same !== undefined) return { isNew: await this.restartFailed(manager, same), id: same.request.id };
    const there = await this.requests.shareable(manager, request.ous);
    const shared = there.filter((row) => isAmong(row, rows));
    const fresh = rows.filter((row) => !isAmong(row, there));
    await this.assertFits(manager, request.requester, shared, fresh);
    await this.requests.insertAsdms(manager, fresh);
    await this.requests.insert(manager, request, [...shared, ...fresh]);
    for (const row of fresh) await this.staging.enqueue(manager, row);
    await this.restart(manager, shared);
    // All of them may be staged already.
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
   * Retries the ASDMs that could not be staged.
   * @returns `isNew` false when there were none
   * @throws DomainError `request-handler.request-unknown`, `.request-expired`, `.no-room`
   */
  async retry(id: string): Promise<{ isNew: boolean; status: RawRequestStatus }> {
    const isNew = await this.dataSource.transaction(async (manager) => {
      await lockStagingArea(manager);
      const whole = await this.requests.lock(manager, id);
      if (whole === null) throw unknown(id);
      assertLive(whole.request);
      return this.restartFailed(manager, whole);
    });
    return { isNew, status: await this.status(id) };
  }

  /**
   * Returns the bytes of a staged ASDM.
   * @throws DomainError `request-handler.request-unknown`, `.request-expired`, `.file-unknown`, `.not-staged`
   */
  async file(id: string, name: string): Promise<StoredContent> {
    const { request, asdms } = await this.whole(id);
    assertLive(request);
    const row = asdms.find(({ file_name }) => file_name === name);
    if (row === undefined) {
      throw new DomainError('not-found', 'request-handler.file-unknown', `Request ${id} has no file "${name}"`);
    }
    if (row.state !== 'staged' || row.sha256 === null || row.staged_at === null) {
      const why = row.state === 'failed' ? `could not be staged: ${row.error?.message ?? ''}` : 'is not staged yet';
      throw new DomainError('conflict', 'request-handler.not-staged', `${name} ${why}`);
    }
    const object = new RecordedObject(this.area, { key: row.object_key, size: row.size, damaged: null });
    return {
      fileName: name,
      size: row.size,
      sha256: row.sha256,
      lastModified: row.staged_at,
      read: (range, signal) => object.read(range, signal),
      check: () => object.check(),
    };
  }

  /**
   * Returns the script that downloads all staged ASDMs of a request.
   * @param link the token of a mail's link, to be written into the script
   * @throws DomainError `request-handler.request-unknown`, `.request-expired`, `.not-staged`
   */
  async script(id: string, link: string | null): Promise<string> {
    const { request, asdms } = await this.whole(id);
    assertLive(request);
    const status = rawRequestResource(request, asdms);
    if (status.script === null) {
      throw new DomainError('conflict', 'request-handler.not-staged', `No ASDM of request ${id} is staged`);
    }
    return rawDownloadScript(status, this.config.settings.publicUrl, link);
  }

  private async whole(id: string): Promise<WholeRequest> {
    const whole = await this.requests.find(id);
    if (whole === null) throw unknown(id);
    return whole;
  }

  /** Returns true when there was something to restart. */
  private async restartFailed(manager: EntityManager, { request, asdms }: WholeRequest): Promise<boolean> {
    await this.assertFits(manager, request.requester, asdms, []);
    return this.restart(manager, asdms);
  }

  private async restart(manager: EntityManager, asdms: readonly StagedAsdmRow[]): Promise<boolean> {
    const failed = asdms.filter(({ state }) => state === 'failed');
    for (const row of failed) await this.staging.enqueue(manager, await this.requests.restart(manager, row));
    return failed.length > 0;
  }

  /** @throws DomainError `request-handler.quota-exceeded`, `request-handler.no-room` */
  private async assertFits(
    manager: EntityManager,
    requester: string,
    shared: readonly StagedAsdmRow[],
    fresh: readonly StagedAsdmRow[],
  ): Promise<void> {
    const { quotaBytes, roomBytes } = this.config.settings;
    const theirs = new Map((await this.requests.asdmsInUseBy(manager, requester)).map((row) => [row.id, row]));
    const have = sizeOf([...theirs.values()]);
    for (const row of [...shared, ...fresh]) theirs.set(row.id, row);
    const total = sizeOf([...theirs.values()]);
    if (total > quotaBytes) {
      throw new DomainError(
        'conflict',
        'request-handler.quota-exceeded',
        `The request exceeds your quota of ${quotaBytes} bytes: it adds ${total - have} bytes to ${have} that are staged or ` +
          'being staged; request less, or wait until a request has expired',
      );
    }
    const taken = await this.requests.bytesInUse(manager);
    const more = sizeOf(fresh) + sizeOf(shared.filter(({ state }) => state === 'failed'));
    if (taken + more <= roomBytes) return;
    throw new DomainError(
      'no-room',
      'request-handler.no-room',
      `The staging area is full: the request adds ${more} bytes, and ${taken} of ${roomBytes} are in use; try again ` +
        'when other requests have expired',
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
    if (asdms.indexOf(uid) < index) return [{ pointer, message: `${uid} occurs twice` }];
    if (list.asdms.some((asdm) => asdm.uid === uid)) return [];
    return [{ pointer, message: `${uid} is not an execution block of ${ous}` }];
  });
  if (violations.length === 0) return list.asdms.filter(({ uid }) => asdms.includes(uid));
  throw new DomainError('invalid', 'request-handler.asdm-unknown', 'The selection is invalid', { violations });
}

function newRow(list: AsdmList, asdm: Asdm, location: string): StagedAsdmRow {
  const id = randomUUID();
  return {
    id,
    project: list.project,
    ous: list.ous,
    execution_block: asdm.uid,
    use: asdm.use,
    location,
    size: asdm.size,
    file_name: asdm.fileName,
    unpacks_to: asdm.unpacksTo,
    // The id separates this staging from an earlier one that is being removed.
    object_key: `${list.project}/${toFileForm(list.ous)}/${id}/${asdm.fileName}`,
    state: 'waiting',
    attempt: 1,
    failures: 0,
    bytes_done: 0,
    sha256: null,
    error: null,
    staged_at: null,
  };
}

/** An ASDM that was posted again with another size or location counts as another one. */
function isAmong(row: StagedAsdmRow, others: readonly StagedAsdmRow[]): boolean {
  return others.some(
    ({ execution_block, size, location }) =>
      execution_block === row.execution_block && size === row.size && location === row.location,
  );
}

function sizeOf(rows: readonly StagedAsdmRow[]): number {
  return rows.reduce((sum, { size }) => sum + size, 0);
}

/** Returns true for a request that has expired, even before the next sweep records it. */
function isExpired(expires: Date | null): boolean {
  return expires !== null && expires.getTime() <= Date.now();
}

/** @throws DomainError `request-handler.request-expired` */
function assertLive({ id, state, expires_at }: RawRequestRow): void {
  if (state !== 'expired' && !isExpired(expires_at)) return;
  throw new DomainError(
    'gone',
    'request-handler.request-expired',
    `Request ${id} has expired, and its raw data are no longer staged; make a new request`,
  );
}

function unknown(id: string): DomainError {
  return new DomainError('not-found', 'request-handler.request-unknown', `There is no request for raw data ${id}`);
}
