import type { RowBatch } from '@almagest/votable';
import type { Connection, Submittable } from 'pg';

/** Bytes that wait to be taken: with more, the server waits too. */
const WAITING_BYTES = 64 * 1024;
const FIRST_BYTES = 16 * 1024;
/** A larger buffer is not used again. */
const KEPT_BYTES = 4 * WAITING_BYTES;

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
  private hasEnded = false;
  private isDiscarded = false;
  private connection: Connection | null = null;
  private wake: (() => void) | null = null;

  constructor(private readonly sql: string) {
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
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.isDiscarded) return;
    if (this.bytes + chunk.length > this.buffer.length) this.enlarge(this.bytes + chunk.length);
    this.bytes += chunk.copy(this.buffer, this.bytes);
    this.count += 1;
    if (this.bytes >= WAITING_BYTES) this.connection?.stream.pause();
    // More rows of the same piece of the socket follow at once.
    if (this.count === 1) setImmediate(() => this.wakeUp());
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
