import { createGunzip } from 'node:zlib';
import { TarError, TarReader } from '@almagest/tar';
import type { ReadingProblem } from '../readers/reading';
import { ArchiveListing } from './archive-listing';
import type { ContentReader } from './content-reader';
import type { FileContent } from './file-content';

/** Bytes and entries that all inner archives of a delivery may expand to together. */
export interface ExpansionBudget {
  bytes: number;
  entries: number;
}

/** Compressed bytes that may wait for the decompressor before its user is asked to wait. */
const HIGH_WATER = 1024 * 1024;

class BudgetSpent extends Error {}

/**
 * Lists a gzipped tar while it streams by: nothing of it is kept but names and counts. Decompression runs beside the
 * caller, which is why the outcome is a promise and `backlog` is to be awaited.
 */
export class ArchiveContentReader implements ContentReader {
  private readonly gunzip = createGunzip();
  private readonly listing = new ArchiveListing();
  private readonly tar: TarReader;
  private outcome: FileContent | null = null;
  private waiting: (() => void)[] = [];

  constructor(private readonly budget: ExpansionBudget) {
    this.tar = new TarReader({
      onEntry: (entry) => {
        if (--budget.entries < 0) throw new BudgetSpent();
        this.listing.add(entry);
        return null;
      },
      limits: { maxEntries: Number.MAX_SAFE_INTEGER, maxMemberSize: Number.MAX_SAFE_INTEGER },
    });
    this.gunzip.on('data', (chunk: Buffer) => this.onExpanded(chunk));
    this.gunzip.on('end', () => this.onExpandedWhole());
    this.gunzip.on('error', (error) => this.fail({ expected: 'gzip data', found: error.message }));
  }

  data(chunk: Uint8Array): void {
    if (this.outcome) return;
    this.gunzip.write(Buffer.from(chunk), () => this.release());
  }

  end(): Promise<FileContent> {
    if (!this.outcome) this.gunzip.end();
    return new Promise((resolve) => {
      this.whenSettled(resolve);
    });
  }

  abandon(): void {
    this.fail({ expected: 'the whole archive', found: 'a part of it' });
  }

  backlog(): Promise<void> | null {
    if (this.outcome || this.gunzip.writableLength < HIGH_WATER) return null;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private whenSettled(resolve: (content: FileContent) => void): void {
    const look = (): void => {
      if (this.outcome) resolve(this.outcome);
      else this.waiting.push(look);
    };
    look();
  }

  private onExpanded(chunk: Buffer): void {
    if (this.outcome) return;
    this.budget.bytes -= chunk.length;
    try {
      if (this.budget.bytes < 0) throw new BudgetSpent();
      this.tar.write(chunk);
    } catch (error) {
      this.onTarError(error);
    }
  }

  private onExpandedWhole(): void {
    if (this.outcome) return;
    try {
      this.tar.end();
      const { hostile } = this.listing;
      this.settle({ state: 'read', kind: 'archive', facts: { facts: this.listing.facts(), hostile } });
    } catch (error) {
      this.onTarError(error);
    }
  }

  private onTarError(error: unknown): void {
    if (error instanceof BudgetSpent) {
      const problem = { expected: 'an archive within the limits', found: 'one that expands beyond them' };
      this.settle({ state: 'beyond-limits', kind: 'archive', problem });
    } else if (error instanceof TarError) {
      this.fail({ expected: error.expected, found: error.found });
    } else {
      this.fail({ expected: 'a tar archive', found: String(error) });
    }
  }

  private fail(problem: ReadingProblem): void {
    if (!this.outcome) this.settle({ state: 'unreadable', kind: 'archive', problem });
  }

  private settle(outcome: FileContent): void {
    this.outcome = outcome;
    this.gunzip.destroy();
    this.release();
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
