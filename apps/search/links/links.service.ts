import { type Caller, DataRegister } from '@almagest/access';
import { CatalogueReader, type StoredName, StoredNames } from '@almagest/catalogue-db';
import { type Uid, uidIn } from '@almagest/ous';
import { Overflow, type Row } from '@almagest/votable';
import { Injectable } from '@nestjs/common';
import { SearchConfig } from '../search.config';
import { asdmLink, cutoutLinks, expansionLink, fileLink, partLink } from './file-links';
import { type Access, faultLink, type Link, linkRow } from './link';

/** IDs of one request; the others are cut off, as DataLink 1.1, 2.1.1 provides. */
const MAX_IDS = 1000;
/** Files that are read at a time. */
const PAGE = 500;
/** READMEs of a delivery that are linked. */
const READMES = 20;

/** The links of one ID. */
interface Links {
  /** How many there are. */
  count: number;
  pages: AsyncIterable<readonly Link[]> | Iterable<readonly Link[]>;
}

/** Finds the links of IDs: uids of ObsUnitSets, and names of stored parts and of the files in them. */
@Injectable()
export class LinksService {
  constructor(
    private readonly catalogue: CatalogueReader,
    private readonly names: StoredNames,
    private readonly register: DataRegister,
    private readonly config: SearchConfig,
  ) {}

  /**
   * Yields the rows of the links of some IDs; an ID without links has a row that says why.
   * @param maxRows the rows of an ID are never cut: those that would be over the limit are left out
   * @param descriptors collects the descriptors of the services that the rows refer to, by their ID
   * @throws Overflow after the last complete ID
   */
  async *rows(
    ids: readonly string[],
    caller: Caller | null,
    maxRows: number,
    descriptors: Map<string, string>,
  ): AsyncGenerator<Row[]> {
    let left = maxRows;
    for (const [index, id] of ids.entries()) {
      if (index === MAX_IDS) throw new Overflow();
      const { count, pages } = await this.linksOf(id, caller);
      if (count > left) throw new Overflow();
      left -= count;
      for await (const links of pages) {
        for (const { service } of links) if (service !== undefined) descriptors.set(service.id, service.descriptor);
        yield links.map(linkRow);
      }
    }
  }

  private async linksOf(id: string, caller: Caller | null): Promise<Links> {
    // No name contains NUL, which PostgreSQL refuses in a parameter.
    if (id.length > 1024 || id.includes('\0')) return listed([faultLink(id, 'UsageFault', 'The ID is too long')]);
    const ous = uidIn(id);
    return ous === null ? this.ofName(id, caller) : listed(await this.ofOus(id, ous, caller));
  }

  /** The parts of its current delivery with their READMEs, and its raw data. */
  private async ofOus(id: string, ous: Uid, caller: Caller | null): Promise<Link[]> {
    const deliveryId = await this.catalogue.currentDelivery(ous);
    if (deliveryId === null) return [faultLink(id, 'NotFoundFault', `There is no current delivery of ${ous}`)];
    const access = await this.accessTo('delivery', deliveryId, caller);
    const common = { id, access, publicUrl: this.config.publicUrl };
    const parts = await this.names.parts(deliveryId);
    const readmes =
      access === 'refused' ? [] : await this.names.files(deliveryId, { role: 'readme' }, caller, '', READMES);
    return [
      ...readmes.map((file) => fileLink(file, common, '#documentation')),
      ...parts.flatMap((part) => [
        partLink(part, common),
        ...(access === 'refused' ? [] : [expansionLink(part, common)]),
      ]),
      ...(await this.rawDataOf(id, ous, parts[0]?.project ?? '', caller)),
    ];
  }

  private async rawDataOf(id: string, ous: Uid, project: string, caller: Caller | null): Promise<Link[]> {
    const blocks = await this.catalogue.executionBlocks(ous);
    if (blocks.length === 0) return [];
    const common = { id, access: await this.accessTo('ous', ous, caller), publicUrl: this.config.publicUrl };
    return blocks.map(({ uid, use, asdm_size: size }) => asdmLink({ project, uid, use, size }, common, '#progenitor'));
  }

  /** The files of a part, or one file. A file that the caller may not see is as one that does not exist. */
  private async ofName(id: string, caller: Caller | null): Promise<Links> {
    const found = await this.names.find(id, caller);
    const accesses = await Promise.all(found.map((one) => this.accessTo('delivery', one.deliveryId, caller)));
    const seen = found.flatMap((one, index) => {
      const access = accesses[index] ?? 'refused';
      return one.path === null || access !== 'refused' ? [{ one, access }] : [];
    });
    const [first] = seen;
    if (first === undefined) return listed(await this.ofRawData(id, caller));
    if (seen.length > 1) {
      const paths = seen.map(({ one }) => one.path ?? one.part).join(', ');
      return listed([faultLink(id, 'UsageFault', `Several files have the name ${id}; use the path instead: ${paths}`)]);
    }
    const { one, access } = first;
    if (one.path !== null) {
      const file = { ...one, isUnique: !id.includes('/') };
      const common = { id, access, publicUrl: this.config.publicUrl };
      return listed([fileLink(file, common, '#this'), ...cutoutLinks(file, common)]);
    }
    return this.ofPart(id, one, access, caller);
  }

  private async ofPart(id: string, part: StoredName, access: Access, caller: Caller | null): Promise<Links> {
    if (access === 'refused') {
      const why = `The files in ${part.part} are proprietary; send a token, or the secret of the mail about the delivery`;
      return listed([{ ...faultLink(id, 'DefaultFault', why), access }]);
    }
    const { files, images } = await this.names.count(part.deliveryId, part.part);
    return { count: files + images, pages: this.filesOf(id, part, access, caller) };
  }

  private async *filesOf(id: string, part: StoredName, access: Access, caller: Caller | null): AsyncGenerator<Link[]> {
    const common = { id, access, publicUrl: this.config.publicUrl };
    for (let after = ''; ;) {
      const files = await this.names.files(part.deliveryId, { part: part.part }, caller, after, PAGE);
      if (files.length > 0) yield files.flatMap((file) => [fileLink(file, common), ...cutoutLinks(file, common)]);
      if (files.length < PAGE) return;
      after = files.at(-1)?.path ?? '';
    }
  }

  private async ofRawData(id: string, caller: Caller | null): Promise<Link[]> {
    const [ous] = await this.names.rawDataOf(id);
    const unit = ous === undefined ? null : await this.catalogue.ous(ous);
    const links = unit === null ? [] : await this.rawDataOf(id, unit.uid, unit.project, caller);
    const link = links.find(({ fileId = '' }) => fileId.endsWith(id));
    if (link !== undefined) return [{ ...link, semantics: '#this' }];
    return [faultLink(id, 'NotFoundFault', `No current delivery has a part or file ${id}, or you may not see it`)];
  }

  private async accessTo(kind: 'delivery' | 'ous', id: string, caller: Caller | null): Promise<Access> {
    const subject = await this.register.find(kind, id);
    if (subject === null) return 'refused';
    if (await this.register.isReadable(null, subject)) return 'public';
    return (await this.register.isReadable(caller, subject)) ? 'authorized' : 'refused';
  }
}

function listed(links: readonly Link[]): Links {
  return { count: links.length, pages: [links] };
}
