import type { Caller } from '@almagest/access';
import { type Logger, LOGGER } from '@almagest/platform';
import { encode, type Format, Overflow, type Row } from '@almagest/votable';
import { Inject, Injectable } from '@nestjs/common';
import type { QueryResult } from '../queries/queries.service';
import { userMessage } from '../tap/vo-error.filter';
import { LINK_FIELDS } from './link';
import { LinksService } from './links.service';

/** A request for links. */
export interface LinksQuery {
  readonly ids: readonly string[];
  readonly format: Format;
  readonly maxRows: number;
}

/** Encodes links while they are read, and describes the services that they refer to after them. */
@Injectable()
export class LinksDocument {
  constructor(
    private readonly links: LinksService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Starts a document, and returns it when its first links are there, so that a fault has an answer of its own. */
  async start({ ids, format, maxRows }: LinksQuery, caller: Caller | null): Promise<QueryResult> {
    const descriptors = new Map<string, string>();
    const rows = this.links.rows(ids, caller, maxRows, descriptors);
    const encoder = format.encoder(LINK_FIELDS, {
      infos: { standardID: 'ivo://ivoa.net/std/DataLink#links-1.1' },
      resources: () => [...descriptors.values()].join(''),
    });
    const pieces = encode(encoder, await withFirst(rows), Number.POSITIVE_INFINITY, (error) => this.reported(error));
    return { pieces, close: async () => void (await rows.return(undefined)) };
  }

  private reported(error: unknown): string {
    this.logger.warn({ error }, 'a list of links failed after its first rows');
    return `FatalFault: ${userMessage(error)}`;
  }
}

/** Reads the first rows at once. That the document ends there is no fault. */
async function withFirst(rows: AsyncGenerator<Row[]>): Promise<AsyncIterable<Row[]>> {
  const first = await rows.next().catch((error: unknown) => {
    if (error instanceof Overflow) return error;
    throw error;
  });
  return (async function* () {
    if (first instanceof Overflow) throw first;
    if (first.done === true) return;
    yield first.value;
    yield* rows;
  })();
}
