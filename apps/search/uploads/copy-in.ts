import type { Duplex } from 'node:stream';
import type { Connection, PoolClient, Submittable } from 'pg';

/** What a connection of `pg` has for COPY, besides what its types show. */
interface CopyConnection extends Connection {
  readonly stream: Duplex;
  sendCopyFromChunk(bytes: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/**
 * Sends lines to a `COPY ... FROM STDIN` as fast as the server takes them.
 * @throws the error of the lines, or of the server
 */
export async function copyIn(client: PoolClient, sql: string, lines: AsyncGenerator<Buffer>): Promise<void> {
  const copy = new CopyIn(sql, lines);
  client.query(copy);
  await copy.done;
}

class CopyIn implements Submittable {
  readonly done: Promise<void>;
  private resolve!: () => void;
  private reject!: (error: unknown) => void;
  private fault: unknown = null;
  private isOver = false;

  constructor(
    private readonly sql: string,
    private readonly lines: AsyncGenerator<Buffer>,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  submit(connection: Connection): void {
    connection.query(this.sql);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    void this.send(connection);
  }

  handleCommandComplete(): void {
    this.isOver = true;
  }

  handleReadyForQuery(): void {
    if (this.fault === null) this.resolve();
    else this.reject(this.fault);
  }

  /** The server ends the COPY, or the connection is lost. */
  handleError(error: unknown): void {
    this.isOver = true;
    this.fault ??= error;
    this.reject(this.fault);
  }

  private async send(connection: CopyConnection): Promise<void> {
    const { stream } = connection;
    try {
      for await (const piece of this.lines) {
        if (this.isOver) return;
        connection.sendCopyFromChunk(piece);
        if (stream.writableNeedDrain) await drained(stream);
      }
      if (!this.isOver) connection.endCopyFrom();
    } catch (error) {
      this.fault = error;
      if (!this.isOver) connection.sendCopyFail('the table cannot be read');
    }
  }
}

async function drained(stream: Duplex): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = (): void => {
      stream.off('drain', go).off('close', go);
      resolve();
    };
    stream.on('drain', go).on('close', go);
  });
}
