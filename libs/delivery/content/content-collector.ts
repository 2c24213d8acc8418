import type { SampledImage } from '@almagest/fits';
import type { InventoryEntry } from '../inventory/inventory';
import type { DeliveryLimits } from '../inventory/limits';
import { contentReaderFor, type ExpansionLimits, type MakeReader } from './reader-by-role';
import type { ContentReader, ContentSink } from './content-reader';
import type { FileContent } from './file-content';

const BEYOND_LIMITS: FileContent = {
  state: 'beyond-limits',
  problem: { expected: 'a delivery within the limits', found: 'more than the archive inspects' },
};

/** Stands in for a reader once the limits are reached. */
const SKIPPING: ContentReader = {
  data: () => undefined,
  end: () => BEYOND_LIMITS,
  abandon: () => undefined,
  backlog: () => null,
};

/** Opens a reader for each file that is looked into, and keeps what they read, within the limits. */
export class ContentCollector {
  /** In the order in which the contents came; null while one is not known yet. */
  private readonly contents = new Map<InventoryEntry, FileContent | null>();
  /** Readers whose content is coming, with the index of the part it is in. */
  private readonly open = new Map<ContentReader, number>();
  /** Readers whose content has come, and which are not done with it. */
  private readonly ending = new Map<ContentReader, Promise<void>>();
  private readonly budget: ExpansionLimits;
  private filesLeft: number;
  private charactersLeft: number;

  /** @param onImage hears of each image that was read whole and is to be measured */
  constructor(
    limits: DeliveryLimits,
    private readonly onImage: (entry: InventoryEntry, image: SampledImage) => void,
  ) {
    this.budget = { bytes: limits.expandedBytes, entries: limits.expandedEntries };
    this.filesLeft = limits.contentFiles;
    this.charactersLeft = limits.contentCharacters;
  }

  /**
   * The sink for the entry's content; null when it is not looked into. Its reader is made when content comes, so that
   * a mere listing costs nothing.
   */
  sinkFor(entry: InventoryEntry): ContentSink | null {
    const makeReader = contentReaderFor(entry.role, entry.path);
    if (makeReader === null) return null;
    let reader: ContentReader | null = null;
    const begin = (): ContentReader => (reader ??= this.begin(entry, makeReader));
    return { data: (chunk) => begin().data(chunk), end: () => this.onEnd(entry, begin()) };
  }

  /** Gives up the contents of a part that have not come to their end. */
  abandon(part: number): void {
    for (const [reader, ofPart] of this.open) {
      if (ofPart !== part) continue;
      this.open.delete(reader);
      reader.abandon();
    }
  }

  /** Resolves when some of what waits was taken in; null when hardly any waits. */
  backlog(): Promise<void> | null {
    const readers = [...this.open.keys(), ...this.ending.keys()];
    const waits = readers.map((reader) => reader.backlog()).filter((wait) => wait !== null);
    return waits.length === 0 ? null : Promise.all(waits).then(() => undefined);
  }

  /** Everything that was read, once all of it is: part by part, so that the order is that of the delivery. */
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
