import type { RowBatch, RowForm } from '@almagest/votable';
import type { Connection, Submittable } from 'pg';

/** Bytes that wait to be taken: with more, the server waits too. */
const WAITING_BYTES = 64 * 1024;
const FIRST_BYTES = 16 * 1024;
/** A larger buffer is not used again. */
const KEPT_BYTES = 4 * WAITING_BYTES;
/** What is before the first row in the binary form: a signature, flags, and the length of nothing else. */
const HEADER_BYTES = 19;
/** What is after the last row in the binary form. */
const END_BYTES = 2;

/** Returns the statement that gives the rows of a query in a form. */
export function copyStatement(sql: string, { types }: RowForm): string {
  if (types === null) return `COPY (${sql}) TO STDOUT`;
  const names = types.map((_, index) => `v${index}`);
  const values = types.map((type, index) => `v${index}::${type}`);
  return `COPY (SELECT ${values.join(', ')} FROM (${sql}) AS q (${names.join(', ')})) TO STDOUT (FORMAT binary)`;
}

/**
 * Statements of which the last gives rows by `COPY ... TO STDOUT`, sent in one message; submit it with `client.query`.
 * Rows are kept until they are taken, and the socket is read no further while enough wait.
 */
export class CopyOut implements Submittable {
  /** Resolves when all has arrived, also an error. */
  readonly finished: Promise<void>;
  private finish: () => void = () => undefined;
  private buffer = Buffer.alloc(0);
  /** The buffer of the batch that was taken last, for the one after the next. */
  private spare = Buffer.alloc(0);
  private bytes = 0;
  private count = 0;
  private error: Error | null = null;
  private hasHeader = false;
  private hasEnded = false;
  private isDiscarded = false;
  private connection: Connection | null = null;
  private wake: (() => void) | null = null;

  constructor(
    private readonly sql: string,
    private readonly isBinary: boolean,
  ) {
    this.finished = new Promise((resolve) => (this.finish = resolve));
  }

  /**
   * Returns rows that have arrived, in order; null after the last. Their bytes stay until the next are asked for.
   * @throws the error of the server
   */
  async next(): Promise<RowBatch | null> {
    while (this.count === 0) {
      if (this.error !== null) throw this.error;
      if (this.hasEnded) return null;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const batch = { bytes: this.buffer.subarray(0, this.bytes), count: this.count };
    [this.buffer, this.spare] = [this.spare, this.buffer.length > KEPT_BYTES ? Buffer.alloc(0) : this.buffer];
    [this.bytes, this.count] = [0, 0];
    this.connection?.stream.resume();
    return batch;
  }

  /** Lets every further row go. */
  discard(): void {
    this.isDiscarded = true;
    [this.buffer, this.bytes, this.count] = [Buffer.alloc(0), 0, 0];
    this.connection?.stream.resume();
  }

  get hasFailed(): boolean {
    return this.error !== null;
  }

  submit(connection: Connection): void {
    this.connection = connection;
    connection.query(this.sql);
  }

  /** The bytes belong to the connection, which writes over them later. */
  handleCopyData({ chunk: message }: { chunk: Buffer }): void {
    if (this.isDiscarded) return;
    const chunk = this.isBinary ? this.rowOf(message) : message;
    if (chunk.length === 0) return;
    if (this.bytes + chunk.length > this.buffer.length) this.enlarge(this.bytes + chunk.length);
    this.bytes += chunk.copy(this.buffer, this.bytes);
    this.count += 1;
    if (this.bytes >= WAITING_BYTES) this.connection?.stream.pause();
    // More rows of the same piece of the socket follow at once.
    if (this.count === 1) setImmediate(() => this.wakeUp());
  }

  /** The header comes with the first row, and the end by itself. */
  private rowOf(message: Buffer): Buffer {
    const row = this.hasHeader ? message : message.subarray(HEADER_BYTES);
    this.hasHeader = true;
    return row.length > END_BYTES ? row : Buffer.alloc(0);
  }

  handleError(error: Error): void {
    this.error = error;
    this.end();
  }

  handleReadyForQuery(): void {
    this.end();
  }

  /** The other statements give rows too, which nobody needs. */
  handleRowDescription(): void {
    return;
  }

  handleDataRow(): void {
    return;
  }

  handleCommandComplete(): void {
    return;
  }

  private end(): void {
    this.hasEnded = true;
    this.connection?.stream.resume();
    this.finish();
    this.wakeUp();
  }

  private wakeUp(): void {
    this.wake?.();
    this.wake = null;
  }

  private enlarge(bytes: number): void {
    const larger = Buffer.allocUnsafe(Math.max(FIRST_BYTES, bytes, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this.bytes);
    this.buffer = larger;
  }
}
