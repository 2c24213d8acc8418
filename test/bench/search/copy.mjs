import { once } from 'node:events';

/** `COPY ... FROM STDIN` over a connection of pg, which has none of its own: submit it with `client.query`. */
class CopyIn {
  constructor(sql, pieces) {
    this.sql = sql;
    this.pieces = pieces;
    this.done = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }

  submit(connection) {
    connection.query(this.sql);
  }

  async handleCopyInResponse(connection) {
    try {
      for (const piece of this.pieces) {
        connection.sendCopyFromChunk(Buffer.from(piece));
        if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
      }
      connection.endCopyFrom();
    } catch (error) {
      connection.sendCopyFail(error.message);
      this.reject(error);
    }
  }

  handleCommandComplete() {}

  handleReadyForQuery() {
    this.resolve();
  }

  handleError(error) {
    this.reject(error);
  }
}

const ROWS_PER_PIECE = 100;

/**
 * Copies rows into a table of the schema `search`. A column that a row leaves out is null.
 * @param {import('pg').Client} client
 * @param {string} table
 * @param {Iterable<Record<string, unknown>>} rows
 */
export async function copyRows(client, table, rows) {
  const { rows: columns } = await client.query(
    `SELECT attname AS name FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [`search.${table}`],
  );
  const names = columns.map(({ name }) => name);
  const copy = new CopyIn(`COPY search.${table} (${names.join(', ')}) FROM STDIN`, piecesOf(rows, names));
  client.query(copy);
  await copy.done;
}

function* piecesOf(rows, names) {
  let piece = '';
  let count = 0;
  for (const row of rows) {
    piece += `${names.map((name) => cellOf(row[name])).join('\t')}\n`;
    if (++count % ROWS_PER_PIECE > 0) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function cellOf(value) {
  if (value === undefined || value === null) return '\\N';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replace(/[\\\t\n]/g, (found) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n' })[found]);
}
