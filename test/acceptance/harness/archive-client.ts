import {
  type Delivery,
  deliverySchema,
  type DeliverySummary,
  deliverySummarySchema,
  type GroupOus,
  groupOusSchema,
  type Mail,
  mailSchema,
  type MemberOus,
  memberOusSchema,
  type Problem,
  problemSchema,
  type Qa2Result,
  type Qa2Status,
  qa2StatusSchema,
} from '@almagest/contracts';
import { toFileForm, type Uid } from '@almagest/ous';
import { z } from 'zod';
import { waitFor } from '../../harness/wait-for';

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  /** Replaces the token of the client; null sends none. */
  token?: string | null;
  signal?: AbortSignal;
}

/** The paths of routes that answer everybody, always, with a document that does not come from the database. */
export const UNCONDITIONAL = /^\/almagest|\/(?:capabilities|availability|examples|tables(?:\/.*)?)$/;

/** The answer of `POST /qa2-results`. */
export type Posted =
  | { status: 200 | 202; location: string | null; result: Qa2Status }
  | { status: number; location: null; problem: Problem };

/** HTTP client of an archive; validates every answer against its contract. */
export class ArchiveClient {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** The header that authenticates the client. */
  get authorization(): string {
    return `Bearer ${this.token}`;
  }

  async request(path: string, options: RequestOptions = {}): Promise<Response> {
    const { token = this.token, headers = {}, ...rest } = options;
    const all = new Headers(headers);
    if (token !== null) all.set('authorization', `Bearer ${token}`);
    return fetch(new URL(path, this.url), { ...rest, headers: all, redirect: 'manual' });
  }

  /** Returns a document. Throws when the answer is not 200. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
    const response = await this.request(path);
    if (response.status !== 200) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return schema.parse(await response.json());
  }

  /** Returns the problem of a rejected request; the answer must be problem+json with the same status in its body. */
  async refusal(path: string, options: RequestOptions = {}): Promise<Problem> {
    return problemOf(await this.request(path, options));
  }

  /** Returns all items of a list, page by page. */
  async all<Item extends z.ZodType>(path: string, item: Item, limit = 100): Promise<z.infer<Item>[]> {
    return (await this.pages(path, item, limit)).flat();
  }

  /** Returns the pages of a list by following its cursors. */
  async pages<Item extends z.ZodType>(path: string, item: Item, limit: number): Promise<z.infer<Item>[][]> {
    const page = z.object({ items: z.array(item), next: z.string().nullable() });
    const pages: z.infer<Item>[][] = [];
    const url = new URL(path, this.url);
    url.searchParams.set('limit', String(limit));
    for (let next: string | null = ''; next !== null;) {
      if (next !== '') url.searchParams.set('cursor', next);
      const read: { items: z.infer<Item>[]; next: string | null } = await this.get(url.pathname + url.search, page);
      pages.push(read.items);
      next = read.next;
    }
    return pages;
  }

  async post(result: unknown): Promise<Posted> {
    const response = await this.request('/qa2-results', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(result),
    });
    const { status } = response;
    if (status !== 200 && status !== 202) return { status, location: null, problem: await problemOf(response) };
    return { status, location: response.headers.get('location'), result: qa2StatusSchema.parse(await response.json()) };
  }

  async status(id: string): Promise<Qa2Status> {
    return this.get(`/qa2-results/${id}`, qa2StatusSchema);
  }

  /** Returns the result once it is settled; a fault of the source is retried for some time. */
  async settled(id: string): Promise<Qa2Status> {
    const readOnceSettled = async (): Promise<Qa2Status | false> => {
      const status = await this.status(id);
      return status.settled && status;
    };
    return waitFor(`result ${id} to settle`, readOnceSettled);
  }

  /** Posts a new result and waits until it is settled. */
  async submit(result: Qa2Result): Promise<Qa2Status> {
    const posted = await this.post(result);
    if (posted.status !== 202 || !('result' in posted)) throw new Error(`not accepted: ${JSON.stringify(posted)}`);
    return this.settled(posted.result.id);
  }

  /** Posts a new result whose delivery must reach its recipients. */
  async deliver(result: Qa2Result): Promise<Qa2Status> {
    const status = await this.submit(result);
    if (status.state !== 'notified') throw new Error(`not delivered: ${JSON.stringify(status, null, 1)}`);
    return status;
  }

  async group(uid: Uid): Promise<GroupOus> {
    return this.get(`/ous/${toFileForm(uid)}`, groupOusSchema);
  }

  async member(uid: Uid): Promise<MemberOus> {
    return this.get(`/ous/${toFileForm(uid)}`, memberOusSchema);
  }

  /** Waits until the catalogue, which is updated by events, has the member in this state, and returns the member. */
  async memberWhen(uid: Uid, expected: { revision: number; state: MemberOus['state'] }): Promise<MemberOus> {
    const { revision, state } = expected;
    return waitFor(`revision ${revision} of ${uid} to be ${state}`, async () => {
      const response = await this.request(`/ous/${toFileForm(uid)}`);
      if (response.status === 404) return null;
      const member = memberOusSchema.parse(await response.json());
      return member.revision === revision && member.state === state && member;
    });
  }

  async deliveries(uid: Uid): Promise<DeliverySummary[]> {
    return this.all(`/ous/${toFileForm(uid)}/deliveries`, deliverySummarySchema);
  }

  async delivery(id: string): Promise<Delivery> {
    return this.get(`/deliveries/${id}`, deliverySchema);
  }

  /** Returns the mails about an ObsUnitSet that the archive lists. */
  async mails(uid: Uid): Promise<Mail[]> {
    return this.all(`/mails?ous=${encodeURIComponent(uid)}`, mailSchema);
  }

  /** Returns the bytes at a path. Throws when the answer is not a success. */
  async download(path: string, headers: Record<string, string> = {}): Promise<Buffer> {
    const response = await this.request(path, { headers });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type');
  const text = await response.text();
  if (!/^application\/problem\+json(?:;|$)/.test(type ?? '')) {
    throw new Error(`${response.status} is not problem+json but ${type}: ${text.slice(0, 500)}`);
  }
  const problem = problemSchema.parse(JSON.parse(text));
  if (problem.status !== response.status) throw new Error(`status ${response.status} with the problem ${text}`);
  return problem;
}
