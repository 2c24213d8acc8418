import { type OutputColumn, translate } from '@almagest/adql';
import { type Logger, LOGGER } from '@almagest/platform';
import { encode, type Field } from '@almagest/votable';
import { Inject, Injectable } from '@nestjs/common';
import { ADQL_SCHEMA } from '../schema/adql-schema';
import { SearchConfig } from '../search.config';
import { querySeconds } from '../search.metrics';
import type { TapQuery } from '../tap/tap-query';
import { userMessage } from '../tap/vo-error.filter';
import { UploadedTables } from '../uploads/uploaded-tables';
import { QueryRunner } from './query-runner';
import { QuerySlots } from './query-slots';

/** A result that is being sent. */
export interface QueryResult {
  /** The bytes of a piece stay until the next is asked for. */
  readonly pieces: AsyncIterable<Buffer>;
  /** Ends the query, whether it is complete or not, and frees what it holds. */
  close(): Promise<void>;
}

/** How a query runs. */
export interface RunningMode {
  /** For the first rows, and for each of the next ones. */
  readonly seconds: number;
  /** Whether a fault after the first rows ends the document with a message; if not, the pieces throw it. */
  readonly showsFaults: boolean;
}

/** What a service other than TAP makes of the result of its query. */
export interface Presentation {
  /** RESOURCE elements for after the table, where the format has room for them. */
  readonly resources?: string;
  readonly describe?: (field: Field) => Field;
}

/** Runs queries for callers: translates them, waits for a slot, and encodes the rows. */
@Injectable()
export class QueriesService {
  private readonly slots: QuerySlots;
  private readonly synchronous: RunningMode;

  constructor(
    private readonly runner: QueryRunner,
    private readonly config: SearchConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.synchronous = { seconds: config.limits.TAP_SYNC_SECONDS, showsFaults: true };
    this.slots = new QuerySlots({ running: config.limits.TAP_QUERIES, waiting: config.limits.TAP_QUEUED });
  }

  /**
   * Starts a query, and returns its result when the first rows are there, so that a query that fails has an answer of its
   * own. The caller closes the result.
   * @throws AdqlError; DomainError as `QueryRunner.rows` and `QuerySlots.take`; the reason of the signal
   */
  async start(
    { adql, format, maxRows, uploads }: TapQuery,
    caller: string,
    signal: AbortSignal,
    { seconds, showsFaults }: RunningMode = this.synchronous,
    { resources, describe = (field) => field }: Presentation = {},
  ): Promise<QueryResult> {
    const uploaded = await UploadedTables.of(uploads, this.config.uploadBytes, signal);
    let close = (): Promise<void> => uploaded.close();
    try {
      const described = uploaded.tables.map((table) => table.described);
      const translation = translate(adql, ADQL_SCHEMA, { maxRows, uploads: described });
      const encoder = format.encoder(
        translation.columns.map((column) => describe(fieldOf(column))),
        resources === undefined ? {} : { resources: () => resources },
      );
      const free = await this.slots.take(caller, signal);
      const measured = querySeconds.startTimer();
      const rows = this.runner.rows(translation, seconds, signal, encoder.form, uploaded.tables);
      close = async () => {
        await rows.return(undefined).finally(free);
        measured();
        await uploaded.close();
      };
      const all = startingWith(await rows.next(), rows);
      const pieces = encode(encoder, all, maxRows, (error) => {
        if (!showsFaults) throw error;
        return this.reported(error);
      });
      return { pieces, close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  private reported(error: unknown): string {
    this.logger.warn({ error }, 'a query failed after its first rows');
    return userMessage(error);
  }
}

function fieldOf(column: OutputColumn): Field {
  const { name, datatype, arraysize, xtype, unit, ucd, utype, description } = column;
  return {
    name,
    datatype: datatype as Field['datatype'],
    arraysize,
    xtype,
    unit,
    ucd,
    utype,
    description,
    // astroquery finds the footprint by its ID.
    id: /^[A-Za-z_][\w.-]*$/.test(name) ? name : undefined,
  };
}

async function* startingWith<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
