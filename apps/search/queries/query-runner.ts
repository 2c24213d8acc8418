import type { Translation } from '@almagest/adql';
import { DomainError, type Logger, LOGGER } from '@almagest/platform';
import { type RowBatch, type RowForm, TEXT_ROWS } from '@almagest/votable';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseError, Pool, type PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { SearchConfig } from '../search.config';
import { tooExpensive } from '../search.error';
import { copyIn } from '../uploads/copy-in';
import type { UploadedTable } from '../uploads/uploaded-table';
import { CopyOut, copyStatement } from './copy-out';

/** A connection is kept for so long: a new one takes longer than most queries. */
const IDLE_MS = 60_000;
/** A query whose rows are not wanted any more is cancelled after this time. */
const REST_SECONDS = 1;
/** The rest of a query, which may only read. However it ends here, it ends in the database within a day. */
const READ_ONLY = `SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '1d'; SET LOCAL ROLE almagest_search`;
/** How often a query looks whether this process still lives; servers on Windows cannot. */
const LIVENESS_INTERVAL = '10s';
/** The planner overestimates what an index of the sky finds; with these it uses it. */
const USE_SKY_INDEX = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'];

/**
 * Runs the queries of users, each in a transaction that can only read, as a role that can only read the tables of
 * `search`. A query takes one message: its rows come by COPY, and the server waits while enough of them are not sent yet.
 */
@Injectable()
export class QueryRunner implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(
    databaseUrl: string,
    private readonly config: SearchConfig,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.pool = new Pool({
      connectionString: databaseUrl,
      max: config.limits.TAP_QUERIES,
      idleTimeoutMillis: IDLE_MS,
      application_name: 'almagest-search-queries',
      options:
        '-c search_path=pg_catalog -c timezone=UTC -c datestyle=ISO -c jit=off' +
        // TOP without an order gives the same rows each time.
        ' -c synchronize_seqscans=off' +
        // Queries that run at the same time share the processors, and an index is read from memory or a fast disk.
        ' -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1' +
        ` -c work_mem=${config.limits.TAP_WORK_MEMORY_MB}MB`,
    });
    this.pool.on('connect', (client) => client.on('error', (error) => logger.warn({ error }, 'query connection lost')));
    this.pool.on('error', () => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  /**
   * Yields the rows of a query, many at a time. The query is cancelled in the database when the signal aborts.
   * @param seconds for the first rows, and for each of the next ones
   * @param form of the rows
   * @param uploads tables that exist for this query only
   * @throws DomainError when an upload cannot be read, when the query takes too long, takes too much, or cannot be computed; the reason of the signal
   */
  async *rows(
    { sql, usesSkyIndex }: Pick<Translation, 'sql' | 'usesSkyIndex'>,
    seconds: number,
    signal: AbortSignal,
    form: RowForm = TEXT_ROWS,
    uploads: readonly UploadedTable[] = [],
  ): AsyncGenerator<RowBatch> {
    const client = await this.pool.connect();
    let copy: CopyOut | null = null;
    let isCancelled = false;
    const cancel = (): void => {
      isCancelled = true;
      void this.cancel(client);
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      signal.throwIfAborted();
      let statements = this.beginning(client, seconds, usesSkyIndex);
      if (uploads.length > 0) {
        await client.query(statements);
        for (const upload of uploads) await load(client, upload);
        statements = '';
      }
      copy = new CopyOut(`${statements}${READ_ONLY}; ${copyStatement(sql, form)}; ROLLBACK`, form.types !== null);
      client.query(copy);
      for (;;) {
        const batch = await within(seconds, copy.next(), cancel);
        if (batch === null) return;
        yield batch;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw this.translated(error, seconds);
    } finally {
      if (copy !== null) await finished(copy, cancel);
      signal.removeEventListener('abort', cancel);
      // Of a cancelled query, the message may arrive when the next one runs.
      await this.release(client, copy?.hasFailed ?? true, isCancelled);
    }
  }

  private beginning(client: PoolClient, seconds: number, usesSkyIndex: boolean): string {
    const url = client.escapeLiteral(this.config.publicUrl);
    const temporary = `${this.config.limits.TAP_TEMPORARY_MB}MB`;
    const statements = [
      'BEGIN',
      `SET LOCAL statement_timeout = ${seconds * 1000}`,
      `SELECT set_config('client_connection_check_interval', '${LIVENESS_INTERVAL}', true)
        WHERE version() !~* 'windows|mingw|visual'`,
      `SELECT set_config('search.public_url', ${url}, true)`,
      // Only a superuser, or a user with the right to this parameter, may set it.
      `SELECT set_config('temp_file_limit', '${temporary}', true) WHERE has_parameter_privilege('temp_file_limit', 'SET')`,
      ...(usesSkyIndex ? USE_SKY_INDEX.map((parameter) => `SET LOCAL ${parameter} = off`) : []),
    ];
    return `${statements.join('; ')}; `;
  }

  /** Ends the transaction, if the query has not; a connection whose state is not known is closed. */
  private async release(client: PoolClient, isOpen: boolean, isUnknown: boolean): Promise<void> {
    try {
      if (isOpen && !isUnknown) await client.query('ROLLBACK');
      client.release(isUnknown);
    } catch (error) {
      client.release(error as Error);
    }
  }

  /** Stops the query in the database: closing its connection would not, until it has rows to send. */
  private async cancel(client: PoolClient): Promise<void> {
    const { processID } = client as unknown as { processID: number };
    await this.dataSource
      .query('SELECT pg_cancel_backend($1)', [processID])
      .catch((error: unknown) => this.logger.warn({ error }, 'could not cancel a query'));
  }

  private translated(error: unknown, seconds: number): unknown {
    if (!(error instanceof DatabaseError)) return error;
    const { code = '', message } = error;
    if (code === '57014') {
      return tooExpensive(`The query had no row within ${seconds} s; narrow it down, or ask for fewer rows with TOP`);
    }
    if (code === '53400') {
      const limit = this.config.limits.TAP_TEMPORARY_MB;
      return tooExpensive(`The query needs more than ${limit} MB of temporary files; narrow it down`);
    }
    // Class 22: the values of the query are at fault, such as a division by zero.
    if (code.startsWith('22')) return new DomainError('invalid', 'search.query-fails', `The query fails: ${message}`);
    return error;
  }
}

/** Fills the table of an upload, before the transaction becomes one that can only read. */
async function load(client: PoolClient, upload: UploadedTable): Promise<void> {
  const { sqlName, creation } = upload;
  await client.query(creation);
  await copyIn(client, `COPY ${sqlName} FROM STDIN`, upload.lines());
  await client.query(`ANALYZE ${sqlName}; GRANT SELECT ON ${sqlName} TO almagest_search`);
}

/** Returns what comes; `late` is called when it takes more than a number of seconds. */
async function within<T>(seconds: number, coming: Promise<T>, late: () => void): Promise<T> {
  const timer = setTimeout(late, seconds * 1000);
  return coming.finally(() => clearTimeout(timer));
}

/** Waits for the end of a query, of which no more rows are wanted. */
async function finished(copy: CopyOut, cancel: () => void): Promise<void> {
  copy.discard();
  await within(REST_SECONDS, copy.finished, cancel);
}
