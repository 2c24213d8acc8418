import fs, {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  openSync,
  realpathSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { DestinationStream } from 'pino';
import { Counter } from 'prom-client';
import { metricsRegistry } from './http/metrics';

const droppedLines = new Counter({
  name: 'almagest_log_lines_dropped_total',
  help: 'Log lines that were not written, because the disk is full or the reader of the log is too slow',
  registers: [metricsRegistry],
});

/** The bounds of a log. */
export interface LogBounds {
  /** Bytes of lines that wait to be written; further lines are dropped. */
  waitingBytes: number;
  /** A file with more bytes is renamed and a new one started. */
  fileBytes: number;
  /** Renamed files that are kept: `<path>.1` is the newest. */
  files: number;
}

/** At most 384 MiB of log files. */
const BOUNDS: LogBounds = { waitingBytes: 4 * 1024 ** 2, fileBytes: 64 * 1024 ** 2, files: 5 };

/** Time until a destination that is busy is tried again, ms. */
const BUSY_INTERVAL_MS = 100;

/** The rights to a log file: other users have none. */
const MODE = 0o660;

const NEW_LINE = 0x0a;

/** Lines on their way to the file, after a notice of `missing` lines. */
interface Batch {
  bytes: Buffer;
  noticeBytes: number;
  missing: number;
}

/** pino's number for `warn`. */
const WARN = 40;

/**
 * Writes log lines without ever failing: a line that cannot be written, because the disk is full for example, is dropped
 * and counted, and the next line that is written follows a line that says how many are missing. pino's own destination
 * ends the process on such an error, or never lets it exit.
 */
export class LogDestination implements DestinationStream {
  private lines: string[] = [];
  private waitingBytes = 0;
  private size = 0;
  private missing = 0;
  private total = 0;
  /** The last line that was written is incomplete. */
  private isTorn = false;
  private running: Promise<void> | null = null;
  /** The file that is renamed when it is full. */
  private path: string | null = null;

  constructor(
    private fd: number,
    private readonly bounds: LogBounds = BOUNDS,
  ) {
    process.once('exit', () => this.flush());
  }

  /**
   * Appends to a file that only its owner can read, and its group if it could before. A device or a named pipe is used
   * as it is.
   * @throws the system's error when the file cannot be opened
   */
  static toFile(path: string, bounds: Partial<LogBounds> = {}): LogDestination {
    const fd = openSync(path, 'a', 0o600);
    const destination = new LogDestination(fd, { ...BOUNDS, ...bounds });
    const facts = fstatSync(fd);
    if (facts.isFile()) {
      fchmodSync(fd, facts.mode & MODE);
      destination.path = realpathSync(path);
      destination.size = facts.size;
    }
    return destination;
  }

  /** Lines that were dropped so far. */
  get dropped(): number {
    return this.total;
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.waitingBytes + bytes > this.bounds.waitingBytes && this.waitingBytes > 0) return this.drop(1);
    this.lines.push(line);
    this.waitingBytes += bytes;
    this.running ??= this.run();
  }

  /** Resolves when every line has been written or dropped. */
  async written(): Promise<void> {
    while (this.running !== null) await this.running;
  }

  private async run(): Promise<void> {
    while (this.lines.length > 0) {
      if (this.size >= this.bounds.fileBytes) this.rotate();
      await this.writeAll(this.take());
    }
    this.running = null;
  }

  /** Takes the lines that wait, after a notice of those that are missing. */
  private take(): Batch {
    const { lines, missing } = this;
    this.lines = [];
    this.waitingBytes = 0;
    const notice = `${this.isTorn ? '\n' : ''}${missing === 0 ? '' : noticeOf(missing)}`;
    return { bytes: Buffer.from(notice + lines.join('')), noticeBytes: Buffer.byteLength(notice), missing };
  }

  private async writeAll(batch: Batch): Promise<void> {
    const { bytes } = batch;
    let offset = 0;
    while (offset < bytes.length) {
      try {
        offset += await writeSome(this.fd, bytes, offset);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN')
          await pause(BUSY_INTERVAL_MS, undefined, { ref: false });
        else break;
      }
    }
    this.account(batch, offset);
  }

  /** Counts the lines that are not completely among the first `written` bytes. */
  private account({ bytes, noticeBytes, missing }: Batch, written: number): void {
    this.size += written;
    if (written > 0) this.isTorn = bytes[written - 1] !== NEW_LINE;
    if (written >= noticeBytes) this.missing -= missing;
    let lost = 0;
    for (const byte of bytes.subarray(Math.max(written, noticeBytes))) if (byte === NEW_LINE) lost += 1;
    if (lost > 0) this.drop(lost);
  }

  private drop(lines: number): void {
    this.missing += lines;
    this.total += lines;
    droppedLines.inc(lines);
  }

  /** If the files cannot be renamed, the log continues in the file that it has. */
  private rotate(): void {
    const { path } = this;
    this.size = 0;
    if (path === null) return;
    try {
      for (let n = this.bounds.files; n > 0; n--) {
        const older = n === 1 ? path : `${path}.${n - 1}`;
        if (existsSync(older)) renameSync(older, `${path}.${n}`);
      }
      const fd = openSync(path, 'a', fstatSync(this.fd).mode & MODE);
      closeSync(this.fd);
      this.fd = fd;
      this.isTorn = false;
    } catch {
      // The next attempt is due when as many bytes again have been written.
    }
  }

  /** Writes what waits when the process ends: nothing asynchronous runs any more. One attempt only. */
  private flush(): void {
    if (this.lines.length === 0) return;
    try {
      writeSync(this.fd, this.take().bytes);
    } catch {
      // Nobody is left who could be informed.
    }
  }
}

function noticeOf(lines: number): string {
  return `${JSON.stringify({ level: WARN, time: new Date().toISOString(), lines, msg: 'log lines were dropped' })}\n`;
}

function writeSome(fd: number, bytes: Buffer, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(fd, bytes, offset, (error, written) => (error === null ? resolve(written) : reject(error)));
  });
}
