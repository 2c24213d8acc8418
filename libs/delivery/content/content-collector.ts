import type { SampledImage } from '@almagest/fits';
import type { InventoryEntry } from '../inventory/inventory';
import type { DeliveryLimits } from '../inventory/limits';
import { ExpansionBudget } from './expansion-budget';
import { contentReaderFor, type MakeReader } from './reader-by-role';
import type { ContentReader, ContentSink } from './content-reader';
import type { FileContent } from './file-content';

const BEYOND_LIMITS: FileContent = {
  state: 'beyond-limits',
  problem: { expected: 'a delivery within the limits', found: 'more than the archive inspects' },
};

/** Readers that may still process their content at the same time: a chunk can hold thousands of small archives. */
const MAX_ENDING = 16;

/** Replaces a reader once the limits are reached. */
const SKIPPING: ContentReader = {
  data: () => undefined,
  end: () => BEYOND_LIMITS,
  abandon: () => undefined,
  backlog: () => null,
};

/** Opens a reader for each file to inspect and keeps the results, within the limits. */
export class ContentCollector {
  /** In order of arrival; null while the result is pending. */
  private readonly contents = new Map<InventoryEntry, FileContent | null>();
  /** Readers that are receiving content, with the index of its part. */
  private readonly open = new Map<ContentReader, number>();
  /** Readers that have received all their content but are still processing it. */
  private readonly ending = new Map<ContentReader, Promise<void>>();
  private readonly budget: ExpansionBudget;
  private filesLeft: number;
  private charactersLeft: number;

  /** @param onImage called with each complete image that is to be measured */
  constructor(
    limits: DeliveryLimits,
    private readonly onImage: (entry: InventoryEntry, image: SampledImage) => void,
  ) {
    this.budget = new ExpansionBudget(limits);
    this.filesLeft = limits.contentFiles;
    this.charactersLeft = limits.contentCharacters;
  }

  /**
   * Returns the sink for the content of the entry; null when it is not inspected. The reader is created when the first
   * content arrives, so that a listing alone costs nothing.
   */
  sinkFor(entry: InventoryEntry): ContentSink | null {
    const makeReader = contentReaderFor(entry.role, entry.path);
    if (makeReader === null) return null;
    let reader: ContentReader | null = null;
    const begin = (): ContentReader => (reader ??= this.begin(entry, makeReader));
    return { data: (chunk) => begin().data(chunk), end: () => this.onEnd(entry, begin()) };
  }

  /** Abandons the incomplete contents of a part. */
  abandon(part: number): void {
    for (const [reader, ofPart] of this.open) {
      if (ofPart !== part) continue;
      this.open.delete(reader);
      reader.abandon();
    }
  }

  /** Resolves when some of the queued content has been processed; null when the queue is short. */
  backlog(): Promise<void> | null {
    if (this.ending.size > MAX_ENDING) return Promise.all(this.ending.values()).then(() => undefined);
    const readers = [...this.open.keys(), ...this.ending.keys()];
    const waits = readers.map((reader) => reader.backlog()).filter((wait) => wait !== null);
    return waits.length === 0 ? null : Promise.all(waits).then(() => undefined);
  }

  /** Waits for all readers and returns their results, part by part, in the order of the delivery. */
  async settle(): Promise<ReadonlyMap<InventoryEntry, FileContent>> {
    await Promise.all(this.ending.values());
    const known = [...this.contents].flatMap(([entry, content]) =>
      content === null ? [] : [[entry, content] as const],
    );
    return new Map(known.sort(([a], [b]) => a.part - b.part));
  }

  private begin(entry: InventoryEntry, makeReader: MakeReader): ContentReader {
    this.contents.set(entry, null);
    if (--this.filesLeft < 0) return SKIPPING;
    const reader = makeReader(this.budget, (image) => this.onImage(entry, image));
    this.open.set(reader, entry.part);
    return reader;
  }

  private onEnd(entry: InventoryEntry, reader: ContentReader): void {
    this.open.delete(reader);
    const content = reader.end();
    if (!(content instanceof Promise)) return this.keep(entry, content);
    const kept = content.then((each) => {
      this.ending.delete(reader);
      this.keep(entry, each);
    });
    this.ending.set(reader, kept);
  }

  private keep(entry: InventoryEntry, content: FileContent): void {
    this.charactersLeft -= JSON.stringify(content).length;
    this.contents.set(entry, this.charactersLeft >= 0 ? content : BEYOND_LIMITS);
  }
}
