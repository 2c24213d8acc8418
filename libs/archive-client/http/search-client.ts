import { ArchiveClientError } from '../archive-client.error';
import type { ArchiveRequests, Download } from './archive-requests';

/** The forms in which the archive sends a result. */
export const RESULT_FORMATS = ['csv', 'tsv', 'jsonl', 'votable', 'parquet'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** A query in ADQL and the form of its result. */
export interface SearchQuery {
  readonly adql: string;
  readonly format: ResultFormat;
  /** Rows at most; the archive may have a lower limit. */
  readonly maxRows: number;
}

/** The archive search (TAP 1.1). Every method throws ArchiveClientError; a query that is refused with its reason. */
export class SearchClient {
  constructor(private readonly requests: Pick<ArchiveRequests, 'download'>) {}

  /** Runs a query; its rows arrive while the result is read. */
  async run({ adql, format, maxRows }: SearchQuery, stop?: AbortSignal): Promise<Download> {
    const form = { LANG: 'ADQL', QUERY: adql, RESPONSEFORMAT: format, MAXREC: String(maxRows) };
    return this.requests.download({ method: 'POST', path: '/tap/sync', form }, stop);
  }

  /** Runs a query that has few rows, and returns them. */
  async rows(adql: string, maxRows: number): Promise<Record<string, unknown>[]> {
    const text = await textOf(await this.run({ adql, format: 'jsonl', maxRows }));
    try {
      const lines = text.split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    } catch (cause) {
      throw new ArchiveClientError('archive-client.not-an-archive', 'the result is not JSON Lines', { cause });
    }
  }

  /** Returns the most rows that the archive sends (TAPRegExt 1.0, `outputLimit`); infinity when it states no limit. */
  async rowLimit(): Promise<number> {
    const text = await textOf(await this.requests.download({ path: '/tap/capabilities' }));
    const [, limit] = /<outputLimit>[^]*?<hard unit="row">(\d+)<[^]*?<\/outputLimit>/.exec(text) ?? [];
    return limit === undefined ? Infinity : Number(limit);
  }
}

async function textOf({ body }: Download): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
