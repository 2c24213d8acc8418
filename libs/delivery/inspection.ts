import { ContentCollector } from './content/content-collector';
import { DeliveryError } from './delivery.error';
import type { Measurement } from './facts/qa2-claim';
import type { PostedDelivery } from './inventory/delivery-entry';
import type { Inventory } from './inventory/inventory';
import { InventoryBuilder } from './inventory/inventory-builder';
import { DEFAULT_LIMITS, type DeliveryLimits } from './inventory/limits';
import type { ProfileName } from './profile/profile';
import { measureImages, type MeasuringOptions, type OpenImage } from './measuring/measure-images';
import { PartInspection } from './part-inspection';
import { makeReport } from './report/make-report';
import type { DeliveryReport } from './report/report';
import { rules as everyRule } from './rules/registry';
import type { Rule } from './rules/rule';

export interface InspectionOptions {
  /** What was posted; null to check a delivery by its own names alone. */
  posted: PostedDelivery | null;
  /** Overrides the profile that the files would choose. */
  profile?: ProfileName;
  /** The rules to check by; every rule of the standard when absent. */
  rules?: readonly Rule[];
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
 *     await inspection.measureImages(open);   // where the files can be read again; then the report once more
 */
export class DeliveryInspection {
  private readonly builder: InventoryBuilder;
  private readonly collector: ContentCollector;
  private measurements: readonly Measurement[] | null = null;
  private readonly open = new Set<PartInspection>();
  private readonly rules: readonly Rule[];
  private finished = false;

  constructor({ posted, profile, limits, rules = everyRule }: InspectionOptions) {
    this.rules = rules;
    const bounds = { ...DEFAULT_LIMITS, ...limits };
    this.builder = new InventoryBuilder(posted, bounds, profile ?? null);
    this.collector = new ContentCollector(bounds);
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
   * Resolves when some of the content that waits was taken in: inner archives are decompressed beside the caller.
   * Awaited between chunks of the source it bounds what waits in memory. Null when hardly any waits.
   */
  backlog(): Promise<void> | null {
    return this.collector.backlog();
  }

  /**
   * Measures the images in a second pass over them alone, once every part is closed: for the rules about the QA2 claim
   * (§4.1, §4.3; docs/qa2-verification.md) and the facts of the report.
   * @throws DeliveryError `delivery.part-open`; what `open` or its streams fail with; the reason of the signal
   */
  async measureImages(open: OpenImage, options: MeasuringOptions = {}): Promise<void> {
    this.measurements = await measureImages(await this.inventory(), open, options);
  }

  /**
   * Checks the whole delivery, once every part is closed. May be called again after the images were measured.
   * @throws DeliveryError `delivery.part-open`
   */
  async finish(): Promise<DeliveryReport> {
    const inventory = await this.inventory();
    this.finished = true;
    return makeReport(inventory, this.rules);
  }

  private async inventory(): Promise<Inventory> {
    if (this.open.size > 0) {
      throw new DeliveryError('delivery.part-open', 'a part is still open: close every part before the report is made');
    }
    return this.builder.build(await this.collector.settle(), this.measurements);
  }

  private begin(name: string | null): PartInspection {
    if (this.finished) throw new DeliveryError('delivery.finished', 'the inspection has made its report already');
    const index = this.builder.addPart(name);
    const part = new PartInspection(this.builder, this.collector, index, () => this.open.delete(part));
    this.open.add(part);
    return part;
  }
}
