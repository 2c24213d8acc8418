import { ContentCollector } from './content/content-collector';
import type { ContentSink } from './content/content-reader';
import { DeliveryError } from './delivery.error';
import type { BrokenArchive, DeliveryEntry, PostedDelivery } from './inventory/delivery-entry';
import type { FitsInspection } from '@almagest/fits';
import type { ImageRecord } from './facts/image-record';
import { factsOf } from './inventory/inventory';
import { InventoryBuilder } from './inventory/inventory-builder';
import { DEFAULT_LIMITS, type DeliveryLimits } from './inventory/limits';
import { ImageMeasuring } from './measuring/image-measuring';
import type { Classification } from './naming/classification';
import type { ProfileName } from './profile/profile';
import { type BesidesHeader, makeImageRecord } from './report/make-image-record';
import { makeReport } from './report/make-report';
import type { DeliveryReport } from './report/report';
import { rules as everyRule } from './rules/registry';
import type { Rule } from './rules/rule';

export interface InspectionOptions {
  /** What was posted; null checks the delivery by its own names only. */
  posted: PostedDelivery | null;
  /** Overrides the profile chosen from the files. */
  profile?: ProfileName;
  /** The rules to check; by default every rule of the standard. */
  rules?: readonly Rule[];
  limits?: Partial<DeliveryLimits>;
}

/**
 * Checks one delivery against the delivery standard while it is read. Parts may be read one after the other or
 * concurrently. The content of a delivery never makes it throw; every fault becomes a finding of the report.
 *
 *     const inspection = new DeliveryInspection({ posted });
 *     const part = inspection.openPart('2013.1.09999.S_uid___A001_X1_Xa3_1_of_2.tar');
 *     const { file, content } = part.entry({ path, type: 'file', size });
 *     content?.data(chunk); content?.end();
 *     await inspection.backlog();   // between chunks of the source: back-pressure
 *     part.close();
 *     const report = await inspection.finish();
 *     const image = inspection.imageOf(file);
 */
export class DeliveryInspection {
  private readonly builder: InventoryBuilder;
  private readonly collector: ContentCollector;
  private readonly measuring = new ImageMeasuring();
  private readonly open = new Set<PartInspection>();
  private readonly rules: readonly Rule[];
  private finished = false;
  /** By the classification that `entry` returned; known once the delivery was read. */
  private images: ReadonlyMap<Classification, FitsInspection> = new Map();
  /** The measured noise by the path of the image. */
  private noise: ReadonlyMap<string, BesidesHeader['noise']> = new Map();

  constructor({ posted, profile, limits, rules = everyRule }: InspectionOptions) {
    this.rules = rules;
    const bounds = { ...DEFAULT_LIMITS, ...limits };
    this.builder = new InventoryBuilder(posted, bounds, profile ?? null);
    this.collector = new ContentCollector(bounds, (entry, image) => this.measuring.take(entry, image));
  }

  /**
   * Starts a tar part with the given file name.
   * @throws DeliveryError `delivery.finished`
   */
  openPart(name: string): PartInspection {
    return this.begin(name);
  }

  /**
   * Starts an unpacked tree, whose paths begin with the project directory. The rules about parts do not apply to it.
   * @throws DeliveryError `delivery.finished`
   */
  openTree(): PartInspection {
    return this.begin(null);
  }

  /**
   * Resolves when some of the queued content has been processed: inner archives are decompressed asynchronously. Await
   * it between chunks of the source to limit the memory in use. Null when the queue is short.
   */
  backlog(): Promise<void> | null {
    return this.collector.backlog();
  }

  /**
   * Checks the whole delivery and makes the report. Every part must be closed.
   * @throws DeliveryError `delivery.part-open`
   */
  async finish(): Promise<DeliveryReport> {
    if (this.open.size > 0) {
      throw new DeliveryError('delivery.part-open', 'a part is still open: close every part before making the report');
    }
    const contents = await this.collector.settle();
    this.finished = true;
    const inventory = await this.builder.build(contents);
    const measurements = this.measuring.measurements(inventory);
    this.images = new Map(factsOf(inventory, 'fits').map(({ file, facts }) => [file, facts]));
    this.noise = new Map(measurements.map(({ image, noise }) => [image, noise?.noise ?? []]));
    return makeReport({ ...inventory, measurements }, this.rules);
  }

  /** Returns what an image shows, for the classification that `entry` returned; null for other files. After `finish`. */
  imageOf(file: InspectedFile): ImageRecord | null {
    const image = this.images.get(file)?.image ?? null;
    const noise = this.noise.get(file.path) ?? [];
    return image && makeImageRecord(image, { spectralWindows: file.image?.spws ?? [], noise });
  }

  private begin(name: string | null): PartInspection {
    if (this.finished) throw new DeliveryError('delivery.finished', 'the report has already been made');
    const index = this.builder.addPart(name);
    const part = new PartInspection(this.builder, this.collector, index, () => this.open.delete(part));
    this.open.add(part);
    return part;
  }
}

/** A file of the delivery: its path as read, and what its name says. */
export type InspectedFile = Classification & { readonly path: string };

/** A classified entry; `content` is null when the standard does not inspect the content of the file. */
export interface InspectedEntry {
  file: InspectedFile | null;
  content: ContentSink | null;
}

/** One part, or the unpacked tree, while it is read. */
export class PartInspection {
  private closed = false;

  constructor(
    private readonly builder: InventoryBuilder,
    private readonly collector: ContentCollector,
    private readonly index: number,
    private readonly onClose: () => void,
  ) {}

  /**
   * Adds an entry and classifies it; `file` is null for an entry that is not a regular file or exceeds the limits.
   * @throws DeliveryError `delivery.part-closed`
   */
  entry(entry: DeliveryEntry): InspectedEntry {
    this.assertOpen();
    const kept = this.builder.add(this.index, entry);
    if (kept === null || (kept.type !== 'file' && kept.type !== 'contiguous-file'))
      return { file: null, content: null };
    return { file: kept, content: this.collector.sinkFor(kept) };
  }

  /**
   * Ends the part. Discards content that is incomplete; a problem reported by the tar codec becomes a finding.
   * @throws DeliveryError `delivery.part-closed`
   */
  close(problem?: BrokenArchive): void {
    this.assertOpen();
    this.closed = true;
    this.collector.abandon(this.index);
    if (problem) this.builder.setProblem(this.index, problem);
    this.onClose();
  }

  private assertOpen(): void {
    if (this.closed) throw new DeliveryError('delivery.part-closed', 'the part is closed');
  }
}
