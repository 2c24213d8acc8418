import { type Caller, DataRegister } from '@almagest/access';
import { StoredNames } from '@almagest/catalogue-db';
import { DomainError, type StoredContent } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { DownloadsService } from './downloads.service';

/** Finds what a name means to a caller. Other than a delivery's id, a name always means the current delivery. */
@Injectable()
export class DataPortalService {
  constructor(
    private readonly names: StoredNames,
    private readonly register: DataRegister,
    private readonly downloads: DownloadsService,
  ) {}

  /**
   * Returns the part or file that a name, or the path of a file in its delivery, means.
   * @throws DomainError `catalogue.name-unknown`; `catalogue.name-ambiguous` when the caller may read several files of
   * this name; `catalogue.raw-data-on-request` for the tar of an ASDM
   */
  async find(name: string, caller: Caller | null): Promise<StoredContent> {
    const found = await this.register.readableOf(await this.names.find(name, caller), caller);
    const [first] = found;
    if (first === undefined) throw await this.reasonFor(name);
    if (found.length > 1) {
      const paths = found.map(({ part, path }) => `/dataPortal/${path ?? part}`).join(', ');
      const message = `Several files have the name ${name}; use the path instead: ${paths}`;
      throw new DomainError('conflict', 'catalogue.name-ambiguous', message);
    }
    const { deliveryId, part, path } = first;
    return path === null ? this.downloads.part(deliveryId, part) : this.downloads.file(deliveryId, path);
  }

  private async reasonFor(name: string): Promise<DomainError> {
    const [ous] = await this.names.rawDataOf(name);
    if (ous === undefined) {
      return new DomainError('not-found', 'catalogue.name-unknown', `No current delivery has a part or file ${name}`);
    }
    const message =
      `Raw data are staged on request: POST /raw-requests with {"ous": "${ous}"}, then download ${name} from ` +
      '/raw-requests/{id}/files/{name}, or run: almagest raw';
    return new DomainError('conflict', 'catalogue.raw-data-on-request', message);
  }
}
