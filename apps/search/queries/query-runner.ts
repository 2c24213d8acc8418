import type { Translation } from '@almagest/adql';
import { DomainError, type Logger, LOGGER } from '@almagest/platform';
import type { Row } from '@almagest/votable';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseError, Pool, type PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { SearchConfig } from '../search.config';
import { tooExpensive } from '../search.error';
import { copyIn } from '../uploads/copy-in';
import type { UploadedTable } from '../uploads/uploaded-table';

/** Rows that are fetched at a time: a row of every column of ivoa.obscore has about 3 kB. */
const BATCH = 128;
/** Values stay in the text form of PostgreSQL. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };
/** The planner overestimates what an index of the sky finds; with these it uses it. */
const USE_SKY_INDEX = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'];

/**
 * Runs the queries of users, each in a transaction that can only read, as a role that can only read the tables of
 * `search`. Rows come from a cursor: the next are fetched while the last are being sent, and no others.
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
      application_name: 'almagest-search-queries',
      options:
        '-c search_path=pg_catalog -c timezone=UTC -c datestyle=ISO -c jit=off -c cursor_tuple_fraction=1' +
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
   * @param uploads tables that exist for this query only
   * @throws DomainError when an upload cannot be read, when the query takes too long, takes too much, or cannot be computed; the reason of the signal
   */
  async *rows(
    { sql, usesSkyIndex }: Pick<Translation, 'sql' | 'usesSkyIndex'>,
    seconds: number,
    signal: AbortSignal,
    uploads: readonly UploadedTable[] = [],
  ): AsyncGenerator<Row[]> {
    const client = await this.pool.connect();
    const cancel = (): void => void this.cancel(client);
    signal.addEventListener('abort', cancel, { once: true });
    let pending: Promise<unknown> = Promise.resolve();
    let isUsable = false;
    try {
      signal.throwIfAborted();
      await client.query(this.beginning(client, seconds, usesSkyIndex));
      for (const upload of uploads) await load(client, upload);
      await client.query('SET TRANSACTION READ ONLY; SET LOCAL ROLE almagest_search');
      await client.query(`DECLARE result NO SCROLL CURSOR FOR ${sql}`);
      let next = fetchRows(client);
      for (;;) {
        pending = next;
        const rows = await next;
        if (rows.length < BATCH) {
          if (rows.length > 0) yield rows;
          break;
        }
        next = fetchRows(client);
        pending = next.catch(() => undefined);
        yield rows;
      }
      isUsable = true;
    } catch (error) {
      signal.throwIfAborted();
      throw this.translated(error, seconds);
    } finally {
      signal.removeEventListener('abort', cancel);
      await this.end(client, pending, isUsable || !signal.aborted);
    }
  }

  private beginning(client: PoolClient, seconds: number, usesSkyIndex: boolean): string {
    const url = client.escapeLiteral(this.config.publicUrl);
    const temporary = `${this.config.limits.TAP_TEMPORARY_MB}MB`;
    return [
      'BEGIN',
      `SET LOCAL statement_timeout = ${seconds * 1000}`,
      `SELECT set_config('search.public_url', ${url}, true)`,
      // Only a superuser, or a user with the right to this parameter, may set it.
      `SELECT set_config('temp_file_limit', '${temporary}', true) WHERE has_parameter_privilege('temp_file_limit', 'SET')`,
      ...(usesSkyIndex ? USE_SKY_INDEX.map((parameter) => `SET LOCAL ${parameter} = off`) : []),
    ].join('; ');
  }

  /** Ends the transaction; a connection whose state is not known is closed. */
  private async end(client: PoolClient, pending: Promise<unknown>, isUsable: boolean): Promise<void> {
    try {
      await pending.catch(() => undefined);
      if (isUsable) await client.query('ROLLBACK');
      client.release(!isUsable);
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

async function fetchRows(client: PoolClient): Promise<Row[]> {
  const { rows } = await client.query<(string | null)[]>({
    text: `FETCH ${BATCH} FROM result`,
    rowMode: 'array',
    types: AS_TEXT,
  });
  return rows;
}
