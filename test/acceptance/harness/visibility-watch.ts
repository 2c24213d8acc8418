import { setTimeout as pause } from 'node:timers/promises';
import { deliverySchema, deliverySummarySchema, ousSchema, pageOf } from '@almagest/contracts';
import { toFileForm, type Uid } from '@almagest/ous';
import type { z } from 'zod';
import type { ArchiveClient } from './archive-client';
import type { SampleDelivery } from './sample';
import { isBrokenConnection } from './broken-connection';

const pageSchema = pageOf(deliverySummarySchema, 'DeliveryPage');

/**
 * Polls the catalogue continuously and records anything that is visible of a delivery while it is incomplete. An
 * archive that is down shows nothing.
 */
export class VisibilityWatch {
  /** Anything that was visible but should not have been. */
  readonly faults = new Set<string>();
  /** The number of polls that got an answer. */
  polls = 0;
  private stopped = false;
  private readonly watching: Promise<void>;

  constructor(
    private readonly client: () => ArchiveClient,
    private readonly expected: readonly SampleDelivery[],
  ) {
    this.watching = this.watch();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.watching;
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      for (const sample of this.expected) await this.poll(sample);
      await pause(5);
    }
  }

  private async poll(sample: SampleDelivery): Promise<void> {
    const uid = toFileForm(sample.ous_uid as Uid);
    const ous = await this.read(`/ous/${uid}`, ousSchema);
    const page = await this.read(`/ous/${uid}/deliveries`, pageSchema);
    if (page === null) return;
    this.polls += 1;
    if (page.items.length > 1) this.faults.add(`${uid} has ${page.items.length} deliveries`);
    if (ous !== null && ous.delivery !== null && page.items.length === 0) {
      this.faults.add(`${uid} has a delivery that is not listed`);
    }
    for (const { id, files, parts } of page.items) {
      if (files !== countFiles(sample)) this.faults.add(`${uid} is listed with ${files} files`);
      if (parts !== sample.product_tars.length) this.faults.add(`${uid} is listed with ${parts} parts`);
      await this.pollParts(id, sample);
    }
  }

  private async pollParts(id: string, sample: SampleDelivery): Promise<void> {
    const delivery = await this.read(`/deliveries/${id}`, deliverySchema);
    if (delivery === null) return;
    for (const { name, size } of sample.product_tars) {
      const part = delivery.partList.find((each) => each.name === name);
      if (part?.size !== size) this.faults.add(`${id} is shown without ${name}`);
      const head = await this.ask(part?.url ?? `/deliveries/${id}/parts/${name}`, 'HEAD');
      if (head !== null && (head.status !== 200 || head.headers.get('content-length') !== String(size))) {
        this.faults.add(`${name} of ${id} cannot be downloaded: ${head.status}`);
      }
    }
  }

  /** Returns a document; null when there is none, or the archive is down. */
  private async read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema> | null> {
    try {
      const response = await this.ask(path, 'GET');
      return response?.status === 200 ? schema.parse(await response.json()) : null;
    } catch (error) {
      if (!isBrokenConnection(error)) this.faults.add(String(error));
      return null;
    }
  }

  /**
   * `fetch` throws a TypeError when the connection fails, as it does while the archive is down. The gateway answers 502
   * for a service that is down.
   */
  private async ask(path: string, method: string): Promise<Response | null> {
    try {
      const response = await this.client().request(path, { method });
      return response.status === 502 ? null : response;
    } catch (error) {
      if (!isBrokenConnection(error)) throw error;
      return null;
    }
  }
}

function countFiles({ product_tars }: SampleDelivery): number {
  return product_tars.flatMap(({ members }) => members).filter(({ type }) => type === 'file').length;
}
