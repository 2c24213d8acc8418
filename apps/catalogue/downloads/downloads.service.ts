import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import type { PartLink } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { DomainError, type StoredContent } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DownloadsRepository, type StoredPart } from './downloads.repository';
import { sparseContent } from './sparse-content';

/** Finds the stored bytes of parts and of the files inside them; a file is a byte range of its part. */
@Injectable()
export class DownloadsService {
  constructor(
    private readonly places: DownloadsRepository,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** @throws DomainError `catalogue.part-unknown` */
  async part(deliveryId: string, name: string): Promise<StoredContent> {
    const { objectKey, size, sha256, since } = await this.placeOf(deliveryId, name);
    return {
      ...{ fileName: name, size, sha256, lastModified: since },
      read: (range, signal) => this.store.read(objectKey, { ...(range === null ? {} : { range }), signal }),
    };
  }

  /** @throws DomainError `catalogue.file-unknown` */
  async file(deliveryId: string, path: string): Promise<StoredContent> {
    const file = await this.places.file(deliveryId, path);
    if (file === null) throw unknown('file', path, deliveryId);
    const { objectKey, size, sha256, since, offset, segments } = file;
    const whole = { start: 0, end: size - 1 };
    return {
      ...{ fileName: basename(path), size, sha256, lastModified: since },
      read: async (range, signal) => {
        const { start, end } = range ?? whole;
        if (end < start) return Readable.from([]);
        const stored = (from: number, to: number): Promise<Readable> =>
          this.store.read(objectKey, { range: { start: from, end: to }, signal });
        if (segments !== null)
          return Readable.from(sparseContent(segments, { start, end }, stored), { objectMode: false });
        return stored(offset + start, offset + end);
      },
    };
  }

  /**
   * Where a part is had most directly: by a link into the store that needs no token, where the store has such links,
   * else from this service.
   * @throws DomainError `catalogue.part-unknown`
   */
  async link(deliveryId: string, name: string, seconds: number): Promise<PartLink> {
    const { objectKey, size, sha256 } = await this.placeOf(deliveryId, name);
    const expires = Date.now() + seconds * 1000;
    const url = await this.store.presignRead(objectKey, seconds, name);
    if (url === null) {
      return { url: `/deliveries/${deliveryId}/parts/${name}`, presigned: false, expiresAt: null, size, sha256 };
    }
    return { url, presigned: true, expiresAt: new Date(expires).toISOString(), size, sha256 };
  }

  private async placeOf(deliveryId: string, name: string): Promise<StoredPart> {
    const part = await this.places.part(deliveryId, name);
    if (part === null) throw unknown('part', name, deliveryId);
    return part;
  }
}

function unknown(what: string, name: string, deliveryId: string): DomainError {
  return new DomainError('not-found', `catalogue.${what}-unknown`, `Delivery ${deliveryId} has no ${what} "${name}"`);
}
