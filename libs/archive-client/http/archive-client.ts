import {
  type AsdmList,
  asdmListSchema,
  type ByteRange,
  deadLetterSchema,
  type DeadLetterSummary,
  type DeadLetterWithMessage,
  deadLetterWithMessageSchema,
  type Delivery,
  type DeliveryReport,
  deliveryReportSchema,
  type DeliveryLink,
  deliveryLinkSchema,
  deliverySchema,
  type DeliverySummary,
  deliverySummarySchema,
  type Mail,
  mailSchema,
  type MailWithBody,
  mailWithBodySchema,
  type MemberFile,
  memberFileSchema,
  type Ous,
  ousSchema,
  pageOf,
  type Project,
  projectCodeSchema,
  projectSchema,
  type Qa2Result,
  type Qa2Status,
  qa2StatusSchema,
  rangeHeader,
  type RawRequest,
  type RawRequestStatus,
  rawRequestStatusSchema,
} from '@almagest/contracts';
import { toFileForm, type Uid } from '@almagest/ous';
import type { RetryPolicy } from '@almagest/retry';
import { z } from 'zod';
import { type ArchiveAddress, ArchiveRequests, type Download, type Request } from './archive-requests';

const PER_PAGE = 500;

const qa2ResultPageSchema = pageOf(qa2StatusSchema, 'Qa2ResultPage');
const projectPageSchema = pageOf(z.object({ code: projectCodeSchema }), 'ProjectPage');
const deliveryPageSchema = pageOf(deliverySummarySchema, 'DeliveryPage');
const filePageSchema = pageOf(memberFileSchema, 'MemberFilePage');
const deadLetterPageSchema = pageOf(deadLetterSchema, 'DeadLetterPage');
const mailPageSchema = pageOf(mailSchema, 'MailPage');
const rawRequestPageSchema = pageOf(rawRequestStatusSchema, 'RawRequestPage');

/** How a download that broke is retried: after 0.25 s, then twice as long each time. */
export const DOWNLOAD_RETRY: RetryPolicy = {
  initialInterval: 250,
  backoffCoefficient: 2,
  maximumInterval: 8_000,
  maximumAttempts: 7,
};

export interface Page<Item> {
  items: Item[];
  /** The cursor of the next page; null on the last one. */
  next: string | null;
}

/**
 * The routes of the archive's API. Every answer is validated against its contract. Long lists are async iterables that
 * request a page when it is needed. Every method throws ArchiveClientError.
 */
export class ArchiveClient {
  /** @param downloadRetry when a download that broke, and has made no progress since, is tried again */
  constructor(
    private readonly requests: ArchiveRequests,
    readonly downloadRetry: RetryPolicy = DOWNLOAD_RETRY,
  ) {}

  /** Returns a client for an archive. @param signal aborts every request; its reason is thrown */
  static at(address: ArchiveAddress, signal: AbortSignal = new AbortController().signal): ArchiveClient {
    return new ArchiveClient(new ArchiveRequests(address, signal));
  }

  /** Resolves when the archive answers. */
  async assertReachable(): Promise<void> {
    await this.get(z.object({ status: z.literal('ok') }), '/health/live');
  }

  /** Posts a QA2 result; `isNew` is false when the same content was recorded before. */
  async post(result: Qa2Result): Promise<{ isNew: boolean; status: Qa2Status }> {
    const request: Request = { method: 'POST', path: '/qa2-results', body: result };
    const { status, value } = await this.requests.json(qa2StatusSchema, request);
    return { isNew: status === 202, status: value };
  }

  async qa2Status(id: string): Promise<Qa2Status> {
    return this.get(qa2StatusSchema, `/qa2-results/${id}`);
  }

  /** Returns the newest results, newest first, without their histories. */
  async newestResults(limit: number): Promise<Page<Qa2Status>> {
    return this.get(qa2ResultPageSchema, '/qa2-results', { limit });
  }

  results(): AsyncGenerator<Qa2Status> {
    return this.all(qa2ResultPageSchema, '/qa2-results');
  }

  projects(): AsyncGenerator<{ code: string }> {
    return this.all(projectPageSchema, '/projects');
  }

  async project(code: string): Promise<Project> {
    return this.get(projectSchema, `/projects/${code}`);
  }

  async ous(uid: Uid): Promise<Ous> {
    return this.get(ousSchema, `/ous/${toFileForm(uid)}`);
  }

  deliveries(uid: Uid): AsyncGenerator<DeliverySummary> {
    return this.all(deliveryPageSchema, `/ous/${toFileForm(uid)}/deliveries`);
  }

  async delivery(id: string): Promise<Delivery> {
    return this.get(deliverySchema, `/deliveries/${id}`);
  }

  /** Returns the findings of the delivery standard for a delivery. */
  async report(delivery: string): Promise<DeliveryReport> {
    return this.get(deliveryReportSchema, `/deliveries/${delivery}/report`);
  }

  /** Lists the files inside a delivery's parts, ordered by path. */
  files(delivery: string, filter: { item?: number; role?: string } = {}): AsyncGenerator<MemberFile> {
    return this.all(filePageSchema, `/deliveries/${delivery}/files`, filter);
  }

  async newestMails(limit: number, ous?: Uid): Promise<Page<Mail>> {
    return this.get(mailPageSchema, '/mails', { limit, ous });
  }

  mails(): AsyncGenerator<Mail> {
    return this.all(mailPageSchema, '/mails');
  }

  async mail(id: string): Promise<MailWithBody> {
    return this.get(mailWithBodySchema, `/mails/${id}`);
  }

  /** Records that a mail bounced. @param report the bounce message of the mail server */
  async noteBounce(report: Uint8Array): Promise<Mail> {
    const body = { message: Buffer.from(report).toString('latin1') };
    return this.send(mailSchema, { method: 'POST', path: '/mails/bounces', body });
  }

  /** Creates a link to the data of a delivery that is valid for `days`. */
  async createLink(delivery: string, days: number): Promise<DeliveryLink> {
    const request: Request = { method: 'POST', path: `/deliveries/${delivery}/links`, body: { days } };
    return (await this.requests.json(deliveryLinkSchema, request)).value;
  }

  async revokeLink(id: string): Promise<void> {
    await this.requests.execute({ method: 'DELETE', path: `/links/${id}` });
  }

  async asdms(uid: Uid): Promise<AsdmList> {
    return this.get(asdmListSchema, `/ous/${toFileForm(uid)}/asdms`);
  }

  async requestRaw(wanted: RawRequest): Promise<RawRequestStatus> {
    return this.send(rawRequestStatusSchema, { method: 'POST', path: '/raw-requests', body: wanted });
  }

  async retryRaw(id: string): Promise<RawRequestStatus> {
    return this.send(rawRequestStatusSchema, { method: 'POST', path: `/raw-requests/${id}/retry` });
  }

  async rawRequest(id: string): Promise<RawRequestStatus> {
    return this.get(rawRequestStatusSchema, `/raw-requests/${id}`);
  }

  async newestRawRequests(limit: number): Promise<Page<RawRequestStatus>> {
    return this.get(rawRequestPageSchema, '/raw-requests', { limit });
  }

  rawRequests(): AsyncGenerator<RawRequestStatus> {
    return this.all(rawRequestPageSchema, '/raw-requests');
  }

  /** Lists the dead letters, newest first. */
  deadLetters(filter: { state?: string; service?: string }): AsyncGenerator<DeadLetterSummary> {
    return this.all(deadLetterPageSchema, '/upkeep/dead-letters', filter);
  }

  async newestDeadLetters(
    limit: number,
    filter: { state?: string; service?: string },
  ): Promise<Page<DeadLetterSummary>> {
    return this.get(deadLetterPageSchema, '/upkeep/dead-letters', { ...filter, limit });
  }

  async deadLetter(id: string): Promise<DeadLetterWithMessage> {
    return this.get(deadLetterWithMessageSchema, `/upkeep/dead-letters/${id}`);
  }

  async settleDeadLetter(id: string, how: 'replay' | 'discard'): Promise<DeadLetterSummary> {
    const request: Request = { method: 'POST', path: `/upkeep/dead-letters/${id}/${how}` };
    return (await this.requests.json(deadLetterSchema, request)).value;
  }

  /**
   * Downloads stored bytes.
   * @param path the `url` of a part, file or ASDM in an answer
   * @param range first and last byte, both included; the answer is 200 with all bytes when the server ignores it
   * @param stop aborts the download; its reason is thrown
   */
  async download(path: string, range?: ByteRange, stop?: AbortSignal): Promise<Download> {
    const headers: Record<string, string> = range === undefined ? {} : { range: rangeHeader(range) };
    return this.requests.download({ path, headers }, stop);
  }

  private async send<Schema extends z.ZodType>(schema: Schema, request: Request): Promise<z.infer<Schema>> {
    return (await this.requests.json(schema, request)).value;
  }

  private async get<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    query: Request['query'] = {},
  ): Promise<z.infer<Schema>> {
    return this.send(schema, { path, query });
  }

  private async *all<Item>(
    schema: z.ZodType<Page<Item>>,
    path: string,
    query: Request['query'] = {},
  ): AsyncGenerator<Item> {
    for (let cursor: string | undefined; ;) {
      const page = await this.get(schema, path, { ...query, limit: PER_PAGE, cursor });
      yield* page.items;
      if (page.next === null) return;
      cursor = page.next;
    }
  }
}
