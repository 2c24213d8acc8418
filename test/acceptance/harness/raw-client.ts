import type { Archive } from './archive';
import { type Problem, type RawRequestStatus, rawRequestStatusSchema } from '@almagest/contracts';
import type { ArchiveClient } from './archive-client';
import { Client } from 'pg';
import { waitFor } from '../../harness/wait-for';

/** Requests raw data from an archive. */
export class RawClient {
  constructor(
    private readonly client: ArchiveClient,
    /** Replaces the token of the client. */
    private readonly token?: string,
  ) {}

  async request(body: unknown): Promise<{ status: number; location: string | null; request: RawRequestStatus }> {
    const response = await this.client.request('/raw-requests', this.post(body));
    if (!response.ok) throw new Error(`POST /raw-requests: ${response.status} ${await response.text()}`);
    const request = rawRequestStatusSchema.parse(await response.json());
    return { status: response.status, location: response.headers.get('location'), request };
  }

  async refusal(body: unknown): Promise<Problem> {
    return this.client.refusal('/raw-requests', this.post(body));
  }

  async retry(id: string): Promise<RawRequestStatus> {
    const response = await this.client.request(`/raw-requests/${id}/retry`, { method: 'POST' });
    return rawRequestStatusSchema.parse(await response.json());
  }

  async status(id: string): Promise<RawRequestStatus> {
    return this.client.get(`/raw-requests/${id}`, rawRequestStatusSchema);
  }

  /** Returns the request once it is settled; a fault of the bulk store is retried for some time. */
  async settled(id: string): Promise<RawRequestStatus> {
    const readOnceSettled = async (): Promise<RawRequestStatus | false> => {
      const status = await this.status(id);
      return status.state !== 'staging' && status;
    };
    return waitFor(`request ${id} to settle`, readOnceSettled);
  }

  private post(body: unknown): NonNullable<Parameters<ArchiveClient['request']>[1]> {
    const headers = { 'content-type': 'application/json' };
    const token = this.token === undefined ? {} : { token: this.token };
    return { method: 'POST', headers, body: JSON.stringify(body), ...token };
  }
}

/** Makes a request expire now. */
export async function expire(archive: Archive, id: string): Promise<void> {
  const client = new Client({ connectionString: await archive.databaseUrl() });
  await client.connect();
  await client.query('UPDATE request_handler.raw_request SET expires_at = now() WHERE id = $1', [id]);
  await client.end();
}
