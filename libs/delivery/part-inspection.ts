import type { ContentCollector } from './content/content-collector';
import type { ContentSink } from './content/content-reader';
import { DeliveryError } from './delivery.error';
import type { BrokenArchive, DeliveryEntry } from './inventory/delivery-entry';
import type { InventoryBuilder } from './inventory/inventory-builder';
import type { Classification } from './naming/classification';

/** An entry as it was classified; `content` is null when the standard does not look into the file. */
export interface InspectedEntry {
  file: Classification | null;
  content: ContentSink | null;
}

/** One part, or the tree, while it is read. */
export class PartInspection {
  private closed = false;

  constructor(
    private readonly builder: InventoryBuilder,
    private readonly collector: ContentCollector,
    private readonly index: number,
    private readonly onClose: () => void,
  ) {}

  /**
   * Takes an entry and says what it is; `file` is null for an entry that is no regular file or is beyond the limits.
   * @throws DeliveryError `delivery.part-closed`
   */
  entry(entry: DeliveryEntry): InspectedEntry {
    this.mustBeOpen();
    const kept = this.builder.add(this.index, entry);
    if (kept === null || (kept.type !== 'file' && kept.type !== 'contiguous-file'))
      return { file: null, content: null };
    return { file: kept, content: this.collector.sinkFor(kept) };
  }

  /**
   * Ends the part. Content that did not come to its end is given up; a problem the codec met becomes a finding.
   * @throws DeliveryError `delivery.part-closed`
   */
  close(problem?: BrokenArchive): void {
    this.mustBeOpen();
    this.closed = true;
    this.collector.abandon(this.index);
    if (problem) this.builder.breakPart(this.index, problem);
    this.onClose();
  }

  private mustBeOpen(): void {
    if (this.closed) throw new DeliveryError('delivery.part-closed', 'the part is closed');
  }
}
