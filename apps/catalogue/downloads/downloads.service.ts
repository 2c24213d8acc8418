import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import { CatalogueReader } from '@almagest/catalogue-db';
import { type ByteRange, OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { DomainError } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { sparseContent } from './sparse-content';

/** Something of known size and digest whose bytes can be read from any place. */
export interface StoredContent {
  fileName: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
  read(range: ByteRange | null, signal: AbortSignal): Promise<Readable>;
}

/** Finds the stored bytes of parts and of the files inside them; a file is a byte range of its part. */
@Injectable()
export class DownloadsService {
  constructor(
    private readonly catalogue: CatalogueReader,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  async part(deliveryId: string, name: string): Promise<StoredContent> {
    const part = await this.catalogue.part(deliveryId, name);
    if (part === null) throw unknown('part', name, deliveryId);
    const { size, sha256, object_key: key } = part;
    return { fileName: name, size, sha256, read: (range, signal) => this.store.read(key, { ...only(range), signal }) };
  }

  async file(deliveryId: string, path: string): Promise<StoredContent> {
    const file = await this.catalogue.file(deliveryId, path);
    const part = file === null ? null : await this.catalogue.part(deliveryId, file.part);
    if (file === null || part === null) throw unknown('file', path, deliveryId);
    const { size, sha256, offset, segments } = file;
    const whole = { start: 0, end: size - 1 };
    return {
      ...{ fileName: basename(path), size, sha256 },
      read: async (range, signal) => {
        const { start, end } = range ?? whole;
        if (end < start) return Readable.from([]);
        const stored = (from: number, to: number): Promise<Readable> =>
          this.store.read(part.object_key, { range: { start: from, end: to }, signal });
        if (segments !== null)
          return Readable.from(sparseContent(segments, { start, end }, stored), { objectMode: false });
        return stored(offset + start, offset + end);
      },
    };
  }
}

function only(range: ByteRange | null): { range?: ByteRange } {
  return range === null ? {} : { range };
}

function unknown(what: string, name: string, deliveryId: string): DomainError {
  return new DomainError('not-found', `catalogue.${what}-unknown`, `Delivery ${deliveryId} has no ${what} "${name}"`);
}
