import { DeliveryError } from './delivery.error';
import type { BrokenArchive, DeliveryEntry, PostedDelivery } from './inventory/delivery-entry';
import { InventoryBuilder } from './inventory/inventory-builder';
import { DEFAULT_LIMITS, type DeliveryLimits } from './inventory/limits';
import type { Classification } from './naming/classification';
import type { ProfileName } from './profile/profile';
import { makeReport } from './report/make-report';
import type { DeliveryReport } from './report/report';
import { rules } from './rules/registry';

/** Takes the content of one file, in order. A chunk has to hold its bytes during the call only. */
export interface ContentSink {
  data(chunk: Uint8Array): void;
  end(): void;
}

/** An entry as it was classified; `content` is null when the standard does not look into the file. */
export interface InspectedEntry {
  file: Classification | null;
  content: ContentSink | null;
}

export interface InspectionOptions {
  /** What was posted; null to check a delivery by its own names alone. */
  posted: PostedDelivery | null;
  /** Overrides the profile that the files would choose. */
  profile?: ProfileName;
  limits?: Partial<DeliveryLimits>;
}

/**
 * Checks one delivery against the delivery standard while it is read: parts may be read one after the other or side by
 * side. Nothing a delivery holds makes it throw; what is wrong becomes a finding of the report.
 *
 *     const inspection = new DeliveryInspection({ posted });
 *     const part = inspection.openPart('2013.1.09999.S_uid___A001_X1_Xa3_1_of_2.tar');
 *     const { file, content } = part.entry({ path, type: 'file', size });
 *     content?.data(chunk); content?.end();
 *     await inspection.backlog();   // between chunks of the source: back-pressure
 *     part.close();
 *     const report = await inspection.finish();
 */
export class DeliveryInspection {
  private readonly builder: InventoryBuilder;
  private readonly open = new Set<PartInspection>();
  private finished = false;

  constructor({ posted, profile, limits }: InspectionOptions) {
    this.builder = new InventoryBuilder(posted, { ...DEFAULT_LIMITS, ...limits }, profile ?? null);
  }

  /**
   * Begins a tar part, by its file name.
   * @throws DeliveryError `delivery.finished`
   */
  openPart(name: string): PartInspection {
    return this.begin(name);
  }

  /**
   * Begins an unpacked tree, whose paths begin with the project directory. The rules about parts do not apply to it.
   * @throws DeliveryError `delivery.finished`
   */
  openTree(): PartInspection {
    return this.begin(null);
  }

  /**
   * Resolves when the content given so far was taken in. Awaited between chunks of the source it bounds what waits in
   * memory. Null when nothing waits.
   */
  backlog(): Promise<void> | null {
    return null;
  }

  /**
   * Checks the whole delivery, once every part is closed.
   * @throws DeliveryError `delivery.part-open`, `delivery.finished`
   */
  async finish(): Promise<DeliveryReport> {
    this.mustBeUnfinished();
    if (this.open.size > 0) {
      throw new DeliveryError('delivery.part-open', 'a part is still open: close every part before the report is made');
    }
    this.finished = true;
    return makeReport(this.builder.build(), rules);
  }

  private begin(name: string | null): PartInspection {
    this.mustBeUnfinished();
    const part = new PartInspection(this.builder, this.builder.addPart(name), () => this.open.delete(part));
    this.open.add(part);
    return part;
  }

  private mustBeUnfinished(): void {
    if (this.finished) throw new DeliveryError('delivery.finished', 'the inspection has made its report already');
  }
}

/** One part, or the tree, while it is read. */
export class PartInspection {
  private closed = false;

  constructor(
    private readonly builder: InventoryBuilder,
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
    const isFile = kept?.type === 'file' || kept?.type === 'contiguous-file';
    return { file: isFile ? kept : null, content: null };
  }

  /**
   * Ends the part; a problem the codec met becomes a finding.
   * @throws DeliveryError `delivery.part-closed`
   */
  close(problem?: BrokenArchive): void {
    this.mustBeOpen();
    this.closed = true;
    if (problem) this.builder.breakPart(this.index, problem);
    this.onClose();
  }

  private mustBeOpen(): void {
    if (this.closed) throw new DeliveryError('delivery.part-closed', 'the part is closed');
  }
}
