import { createHash } from 'node:crypto';
import { ousOf, partKey, type Qa2Result, storeFolder } from '@almagest/contracts';
import { type Source, SourceError, Sources } from '@almagest/sources';
import { type PlannedPart, planParts } from '@almagest/tar';
import { Injectable } from '@nestjs/common';
import { IngestConfig } from '../ingest.config';

/** A part to be transferred. */
export interface PartOrder {
  name: string;
  /** Its key in the object store. */
  key: string;
  source: Source;
  size: number;
  /** As posted; null for a part that this archive packs itself. */
  sha256: string | null;
}

/** The parts of a delivery to be transferred. */
export interface Orders {
  parts: PartOrder[];
  /**
   * Identifies the plan that a tree is packed by: while it is the same in a later run, the bytes of every part are the
   * same too. Null for posted parts, which their digests identify.
   */
  plan: string | null;
}

/** Lists the parts of a posted result to be transferred; a tree is planned into parts first. */
@Injectable()
export class PartOrders {
  constructor(
    private readonly sources: Sources,
    private readonly config: IngestConfig,
  ) {}

  /** @throws SourceError, TarError when a tree cannot be packed */
  async ordersFor(result: Qa2Result): Promise<Orders> {
    const folder = storeFolder(result);
    const { tree, parts = [] } = result;
    if (tree !== undefined) return this.ordersForTree(result, tree.location, folder);
    const posted = parts.map(({ name, location, size, sha256 }) => ({
      name,
      size,
      sha256,
      key: partKey(folder, name),
      source: this.sources.at(location, size),
    }));
    return { parts: posted, plan: null };
  }

  /**
   * Returns the source that a part was transferred from; opening it plans a tree again. Its bytes may differ now.
   * Opening it throws as `ordersFor`, and SourceError `source.unusable` when the delivery no longer has such a part.
   */
  sourceOf(result: Qa2Result, part: Pick<PartOrder, 'name' | 'size'>): Source {
    const find = async (): Promise<Source> => {
      const { parts } = await this.ordersFor(result);
      const order = parts.find(({ name }) => name === part.name);
      if (order?.size === part.size) return order.source;
      const found =
        order === undefined
          ? `into parts without ${part.name}`
          : `into ${part.name} with ${order.size} bytes, not ${part.size}`;
      throw new SourceError('source.unusable', `the tree has changed: it would now be packed ${found}`);
    };
    return { open: async (signal) => (await find()).open(signal) };
  }

  /**
   * Returns what else is wrong with the posted locations of a delivery, one of whose parts cannot be read: a submitter
   * who hears of one part at a time posts as many revisions.
   */
  async otherFaults({ parts = [] }: Qa2Result, { part }: SourceError): Promise<SourceError[]> {
    const faults: SourceError[] = [];
    for (const { name, location } of parts) {
      const fault = name === part ? null : await this.sources.faultAt(location);
      if (fault !== null) faults.push(Object.assign(fault, { part: name }));
    }
    return faults;
  }

  private async ordersForTree(result: Qa2Result, location: string, folder: string): Promise<Orders> {
    const root = await this.sources.directoryAt(location);
    const planned = await planParts(root, {
      project: result.project,
      ous: ousOf(result),
      maxPartSize: this.config.settings.maxPartSize,
    });
    const parts = planned.map((part) => ({
      name: part.name,
      size: part.size,
      sha256: null,
      key: partKey(folder, part.name),
      source: this.sources.packed(part),
    }));
    return { parts, plan: planName(planned) };
  }
}

function planName(parts: readonly PlannedPart[]): string {
  const hash = createHash('sha256');
  for (const { name, size, fingerprint } of parts) hash.update(`${name} ${size} ${fingerprint}\n`);
  return hash.digest('hex');
}
