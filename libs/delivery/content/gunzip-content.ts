import { createGunzip } from 'node:zlib';
import { type ContentParser, ContentProblem, type ContentReader, outcomeOf } from './content-reader';
import type { ExpansionBudget } from './expansion-budget';
import type { FileContent } from './file-content';

/** The number of queued compressed bytes above which the caller is asked to wait. */
const HIGH_WATER = 1024 * 1024;
/** Expanded bytes that arrive at a time; zlib's own 16 KiB take three times as long. */
const EXPANDED_CHUNK = 64 * 1024;

/**
 * Passes the decompressed bytes to the parser. Decompression is asynchronous, so the outcome is a promise and the
 * caller awaits `backlog`.
 */
export class GunzipContentReader implements ContentReader {
  private readonly gunzip = createGunzip({ chunkSize: EXPANDED_CHUNK });
  private outcome: FileContent | null = null;
  /** Writes that are being decompressed, and since when. */
  private running = 0;
  private since = 0;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly parser: ContentParser,
    private readonly budget: ExpansionBudget,
  ) {
    this.gunzip.on('data', (chunk: Buffer) => this.guard(() => this.onExpanded(chunk)));
    this.gunzip.on('end', () => this.guard(() => this.settle(this.parser.end())));
    this.gunzip.on('error', ({ message }) =>
      this.guard(() => {
        throw new ContentProblem('unreadable', { expected: 'gzip data', found: message });
      }),
    );
  }

  data(chunk: Uint8Array): void {
    if (this.outcome) return;
    this.budget.add(chunk.length);
    if (this.running === 0) this.since = performance.now();
    this.running += 1;
    this.gunzip.write(Buffer.from(chunk), () => this.onWritten());
  }

  end(): Promise<FileContent> {
    if (!this.outcome) this.gunzip.end();
    return new Promise((resolve) => this.whenSettled(resolve));
  }

  abandon(): void {
    if (!this.outcome) this.settle(outcomeOf(this.parser.kind, new Error('only part of the content was read')));
  }

  backlog(): Promise<void> | null {
    if (this.outcome || this.gunzip.writableLength < HIGH_WATER) return null;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private onExpanded(chunk: Buffer): void {
    this.budget.take(chunk.length, this.running === 0 ? 0 : performance.now() - this.since);
    this.parser.write(chunk);
  }

  private onWritten(): void {
    this.running -= 1;
    if (this.running === 0) this.budget.spend(performance.now() - this.since);
    this.release();
  }

  private guard(action: () => void): void {
    if (this.outcome) return;
    try {
      action();
    } catch (error) {
      this.settle(outcomeOf(this.parser.kind, error));
    }
  }

  private settle(outcome: FileContent): void {
    this.outcome = outcome;
    this.gunzip.destroy();
    this.release();
  }

  private whenSettled(resolve: (content: FileContent) => void): void {
    if (this.outcome) resolve(this.outcome);
    else this.waiting.push(() => this.whenSettled(resolve));
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}
