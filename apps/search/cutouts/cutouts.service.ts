import { basename } from 'node:path/posix';
import { type Caller, Callers, DataRegister } from '@almagest/access';
import { CatalogueReader, type StoredFile, StoredNames } from '@almagest/catalogue-db';
import { type Cutout, FitsError, openCutout } from '@almagest/fits';
import { OBJECT_STORE, type ObjectStore, RecordedObject } from '@almagest/object-store';
import { DomainError, openStored } from '@almagest/platform';
import { storedContent } from '@almagest/tar';
import { Inject, Injectable, UnauthorizedException } from '@nestjs/common';
import type { Request } from 'express';
import { badParameter } from '../search.error';
import { CutoutConfig } from './cutout.config';
import type { CutoutRequest } from './cutout-request';

/** An image that a caller may read. */
export interface Source {
  readonly caller: Caller | null;
  readonly name: string;
  readonly file: StoredFile;
}

/** Cuts parts out of stored images: those that a caller may download. */
@Injectable()
export class CutoutsService {
  constructor(
    private readonly names: StoredNames,
    private readonly catalogue: CatalogueReader,
    private readonly register: DataRegister,
    private readonly callers: Callers,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly config: CutoutConfig,
  ) {}

  /**
   * Returns the image that an ID means to the caller of a request. What is not readable is answered like what does not
   * exist, and takes the same look-ups.
   * @throws UnauthorizedException; DomainError `auth.not-visible`, `search.bad-parameter`
   */
  async find(id: string, request: Request): Promise<Source> {
    let refused: unknown = new UnauthorizedException(
      'A token, or the link of the mail about the delivery, is required',
    );
    const caller = await this.identify(request).catch((error: unknown) => {
      // Public data need no valid token.
      refused = error;
      return null;
    });
    // No name is longer, or contains NUL, which PostgreSQL refuses in a parameter.
    const isName = id.length <= 1024 && !id.includes('\0');
    const found = isName ? await this.register.readableOf(await this.names.find(id, caller), caller) : [];
    const [first] = found;
    if (first === undefined) {
      if (caller === null) throw refused;
      throw new DomainError('not-found', 'auth.not-visible', 'Not found, or you are not authorised to access it');
    }
    if (found.length > 1) {
      const paths = found.map(({ path, part }) => path ?? part).join(', ');
      throw badParameter(`Several files have the name ${id}; use one of their paths as ID: ${paths}`);
    }
    const { deliveryId, path } = first;
    const file = path === null ? null : await this.catalogue.storedFile(deliveryId, path);
    if (path === null || file === null) throw badParameter(`${id} is a tar; the ID is that of an image in it`);
    return { caller, name: basename(path), file };
  }

  /**
   * Returns the cutout; null when the image has nothing of what is requested. Its pixels are read while it is sent.
   * @throws DomainError `search.cutout-impossible`, `search.cutout-too-large`, `object-store.lost`, `object-store.damaged`;
   *   ServiceUnavailableException
   */
  async open({ name, file }: Source, { filter }: CutoutRequest, signal: AbortSignal): Promise<Cutout | null> {
    if (/\.fits\.gz$/i.test(name)) {
      throw impossible(`${name} is compressed: download it whole; an uncompressed image can be cut`);
    }
    if (!/\.fits$/i.test(name)) throw impossible(`${name} is no FITS image`);
    const { objectKey: key, partSize, damaged, size, sha256 } = file;
    const part = new RecordedObject(this.store, { key, size: partSize, damaged });
    const open = (start: number, end: number): ReturnType<typeof storedContent> =>
      storedContent(file, { start, end }, (range) => part.read(range, signal));
    const cutout = await openStored(() => openCutout({ name, sha256, size, open }, filter)).catch((error: unknown) => {
      if (!(error instanceof FitsError)) throw error;
      // What is requested is not possible, or the stored file is at fault.
      throw impossible(`${name} cannot be cut: ${error.message}`, error.code === 'fits.cutout' ? undefined : error);
    });
    const { maxBytes } = this.config;
    if (cutout === null || cutout.size <= maxBytes) return cutout;
    const message = `The cutout has ${cutout.size} bytes, more than ${maxBytes}; ask for a smaller part`;
    throw new DomainError('invalid', 'search.cutout-too-large', message);
  }

  /** @throws UnauthorizedException */
  private async identify(request: Request): Promise<Caller | null> {
    const caller = await this.callers.identify(request, true);
    if (caller?.link == null || !(await this.register.isRevoked(caller.link.id))) return caller;
    throw new UnauthorizedException('The link has been revoked');
  }
}

function impossible(message: string, cause?: unknown): DomainError {
  return new DomainError('invalid', 'search.cutout-impossible', message, {}, cause === undefined ? {} : { cause });
}
