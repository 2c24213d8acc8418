import { basename } from 'node:path/posix';
import { CatalogueReader } from '@almagest/catalogue-db';
import type { PartLink } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectStore, RecordedObject } from '@almagest/object-store';
import { DomainError, PUBLIC_URL, type StoredContent } from '@almagest/platform';
import { storedContent } from '@almagest/tar';
import { Inject, Injectable } from '@nestjs/common';
import { DownloadsRepository, type StoredPart } from './downloads.repository';
import { productDownloadScript } from './product-download-script';

/** Finds the stored bytes of parts and of the files inside them. A file is a byte range of its part. */
@Injectable()
export class DownloadsService {
  constructor(
    private readonly places: DownloadsRepository,
    private readonly catalogue: CatalogueReader,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /**
   * Returns the script that downloads the parts of a delivery.
   * @throws DomainError `catalogue.delivery-unknown`
   */
  async script(deliveryId: string, link: string | null): Promise<string> {
    const delivery = await this.catalogue.delivery(deliveryId);
    if (delivery !== null) return productDownloadScript(delivery, this.publicUrl, link);
    throw new DomainError('not-found', 'catalogue.delivery-unknown', `There is no delivery ${deliveryId}`);
  }

  /** @throws DomainError `catalogue.part-unknown` */
  async part(deliveryId: string, name: string): Promise<StoredContent> {
    const part = await this.placeOf(deliveryId, name);
    const { size, sha256, since } = part;
    const object = this.objectOf(part, size);
    return {
      fileName: name,
      size,
      sha256,
      lastModified: since,
      read: (range, signal) => object.read(range, signal),
      check: () => object.check(),
    };
  }

  /** @throws DomainError `catalogue.file-unknown` */
  async file(deliveryId: string, path: string): Promise<StoredContent> {
    const file = await this.catalogue.storedFile(deliveryId, path);
    if (file === null) throw unknown('file', path, deliveryId);
    const { partSize, size, sha256, since } = file;
    const part = this.objectOf(file, partSize);
    return {
      fileName: basename(path),
      size,
      sha256,
      lastModified: since,
      read: (range, signal) =>
        storedContent(file, range ?? { start: 0, end: size - 1 }, (stored) => part.read(stored, signal)),
      check: () => part.check(),
    };
  }

  /**
   * Returns the most direct URL of a part: a presigned URL of the object store, which needs no token, or a path of this
   * service if the store has no presigned URLs.
   * @throws DomainError `catalogue.part-unknown`, `object-store.lost`, `object-store.damaged`
   */
  async link(deliveryId: string, name: string, seconds: number): Promise<PartLink> {
    const part = await this.placeOf(deliveryId, name);
    const { objectKey, size, sha256 } = part;
    await this.objectOf(part, size).check();
    const expires = Date.now() + seconds * 1000;
    const url = await this.store.presignRead(objectKey, seconds, name);
    if (url === null) {
      return { url: `/deliveries/${deliveryId}/parts/${name}`, presigned: false, expiresAt: null, size, sha256 };
    }
    return { url, presigned: true, expiresAt: new Date(expires).toISOString(), size, sha256 };
  }

  private objectOf({ objectKey, damaged }: Pick<StoredPart, 'objectKey' | 'damaged'>, size: number): RecordedObject {
    return new RecordedObject(this.store, { key: objectKey, size, damaged });
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
