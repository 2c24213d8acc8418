import { TarError, TarReader } from '@almagest/tar';
import { ArchiveListing } from './archive-listing';
import { type ContentParser, ContentProblem } from './content-reader';
import type { FileContent } from './file-content';

/** Entries that all inner archives of a delivery may have together. */
export interface EntryBudget {
  entries: number;
}

/** Lists a tar while it streams by: nothing of it is kept but names and counts. */
export class ArchiveParser implements ContentParser {
  readonly kind = 'archive';
  private readonly listing = new ArchiveListing();
  private readonly tar: TarReader;

  constructor(budget: EntryBudget) {
    this.tar = new TarReader({
      onEntry: (entry) => {
        if (--budget.entries < 0) {
          const problem = { expected: 'archives within the limit', found: 'more entries' };
          throw new ContentProblem('beyond-limits', problem);
        }
        this.listing.add(entry);
        return null;
      },
      limits: { maxEntries: Number.MAX_SAFE_INTEGER, maxMemberSize: Number.MAX_SAFE_INTEGER },
    });
  }

  write(chunk: Uint8Array): void {
    this.guard(() => this.tar.write(chunk));
  }

  end(): FileContent {
    this.guard(() => this.tar.end());
    const { hostile } = this.listing;
    return { state: 'read', kind: this.kind, facts: { facts: this.listing.facts(), hostile } };
  }

  private guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof TarError)) throw error;
      throw new ContentProblem('unreadable', { expected: error.expected, found: error.found });
    }
  }
}
