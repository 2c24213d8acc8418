import { createGunzip } from 'node:zlib';
import { type ContentParser, ContentProblem, type ContentReader, outcomeOf } from './content-reader';
import type { FileContent } from './file-content';

/** The total number of bytes that all gzipped files of a delivery may expand to. */
export interface ExpansionBudget {
  bytes: number;
}

/** The number of queued compressed bytes above which the caller is asked to wait. */
const HIGH_WATER = 1024 * 1024;

/**
 * Passes the decompressed bytes to the parser. Decompression is asynchronous, so the outcome is a promise and the
 * caller awaits `backlog`.
 */
export class GunzipContentReader implements ContentReader {
  private readonly gunzip = createGunzip();
  private outcome: FileContent | null = null;
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
    if (!this.outcome) this.gunzip.write(Buffer.from(chunk), () => this.release());
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
    this.budget.bytes -= chunk.length;
    if (this.budget.bytes >= 0) return this.parser.write(chunk);
    const problem = { expected: 'gzipped files within the limit', found: 'more bytes when decompressed' };
    throw new ContentProblem('beyond-limits', problem);
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
