import type { InventoryEntry } from '../inventory/inventory';
import type { DeliveryLimits } from '../inventory/limits';
import type { ExpansionBudget } from './archive-content';
import { contentReaderFor } from './content-plan';
import type { ContentReader, ContentSink } from './content-reader';
import type { FileContent } from './file-content';

/** A sink that can be given up when its part ends too early. */
export interface OpenContent extends ContentSink {
  abandon(): void;
}

/** Opens a reader for each file that is looked into, and keeps what they read, within the limits. */
export class ContentCollector {
  private readonly contents = new Map<InventoryEntry, FileContent>();
  private readonly open = new Set<ContentReader>();
  private readonly settling = new Set<Promise<void>>();
  private readonly budget: ExpansionBudget;
  private filesLeft: number;
  private charactersLeft: number;

  constructor(limits: DeliveryLimits) {
    this.budget = { bytes: limits.expandedBytes, entries: limits.expandedEntries };
    this.filesLeft = limits.contentFiles;
    this.charactersLeft = limits.contentCharacters;
  }

  /** The sink for the entry's content; null when it is not looked into. */
  sinkFor(entry: InventoryEntry): OpenContent | null {
    const reader = contentReaderFor(entry.role, entry.path, this.budget);
    if (reader === null || this.filesLeft <= 0) return null;
    this.filesLeft--;
    this.open.add(reader);
    return {
      data: (chunk) => reader.data(chunk),
      end: () => this.onEnd(entry, reader),
      abandon: () => {
        if (this.open.delete(reader)) reader.abandon();
      },
    };
  }

  backlog(): Promise<void> | null {
    const waits = [...this.open].map((reader) => reader.backlog()).filter((wait) => wait !== null);
    return waits.length === 0 ? null : Promise.all(waits).then(() => undefined);
  }

  /** Everything that was read, once all of it is. */
  async settle(): Promise<ReadonlyMap<InventoryEntry, FileContent>> {
    await Promise.all(this.settling);
    return this.contents;
  }

  private onEnd(entry: InventoryEntry, reader: ContentReader): void {
    const content = reader.end();
    if (content instanceof Promise) {
      const settled = content.then((each) => {
        this.open.delete(reader);
        this.settling.delete(settled);
        this.keep(entry, each);
      });
      this.settling.add(settled);
    } else {
      this.open.delete(reader);
      this.keep(entry, content);
    }
  }

  private keep(entry: InventoryEntry, content: FileContent): void {
    this.charactersLeft -= JSON.stringify(content).length;
    if (this.charactersLeft >= 0) {
      this.contents.set(entry, content);
      return;
    }
    const problem = { expected: 'facts within the limits', found: 'more than are kept of one delivery' };
    this.contents.set(entry, { state: 'beyond-limits', kind: content.kind, problem });
  }
}
