import { ousOf, type Qa2Result } from '@almagest/contracts';
import { toFileForm } from '@almagest/ous';
import { planParts } from '@almagest/tar';
import { Injectable } from '@nestjs/common';
import { IngestConfig } from '../ingest.config';
import { pathInside } from '../sources/file.source';
import { SourceError } from '../sources/source.error';
import { Sources } from '../sources/sources';
import type { PartOrder } from './part-intake';

/** Makes out of a posted result the list of parts to take in; a tree is planned into parts first. */
@Injectable()
export class PartOrders {
  constructor(
    private readonly sources: Sources,
    private readonly config: IngestConfig,
  ) {}

  /** @throws SourceError, TarError when a tree cannot be packed */
  async of(result: Qa2Result): Promise<PartOrder[]> {
    const folder = storeFolder(result);
    if (result.tree === undefined) {
      return (result.parts ?? []).map(({ name, location, size, sha256 }) => ({
        ...{ name, size, sha256 },
        key: `${folder}/${name}`,
        source: this.sources.at(location),
      }));
    }
    if (!result.tree.location.startsWith('file:')) {
      throw new SourceError('source.unusable', 'a tree is read from a file:// location only');
    }
    const root = await pathInside(this.sources.policy.roots, result.tree.location);
    const parts = await planParts(root, {
      project: result.project,
      ous: ousOf(result),
      maxPartSize: this.config.maxPartSize,
    });
    return parts.map((part) => ({
      ...{ name: part.name, size: part.size, sha256: null },
      key: `${folder}/${part.name}`,
      source: this.sources.packed(part),
    }));
  }
}

/** Where a delivery lies in the store, for people to find it without the archive: `<project>/<group>/<ous>/r<revision>`. */
export function storeFolder(result: Qa2Result): string {
  return [result.project, toFileForm(result.group.uid), toFileForm(ousOf(result)), `r${result.revision}`].join('/');
}
