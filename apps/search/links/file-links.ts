import { basename } from 'node:path/posix';
import type { ListedName, StoredName } from '@almagest/catalogue-db';
import { type Item, ITEMS, parsePartName } from '@almagest/delivery';
import { rawTarName, type Uid } from '@almagest/ous';
import { mediaTypeOf } from '@almagest/platform';
import { serviceDescriptor } from '@almagest/votable';
import { isCube } from '../content/observations';
import { sodaDescriptor } from '../cutouts/soda-descriptor';
import type { Access, Link, Semantics } from './link';

/** The media type of DataLink (DataLink 1.1, 3.1). */
export const DATALINK_TYPE = 'application/x-votable+xml;content=datalink';

/** What a link has in any case. */
interface Common {
  readonly id: string;
  readonly access: Access;
  /** Where users reach the archive, without a slash at the end. */
  readonly publicUrl: string;
}

/** Returns the link to a tar part of a delivery. */
export function partLink({ part, size, sha256 }: StoredName, common: Common): Link {
  const { semantics, description, local } = kindOfPart(part);
  return dataLink({ name: part, fileId: part, size, sha256, semantics, description, localSemantics: local }, common);
}

/** Returns the link to the files of a part: a service of its own for each. */
export function expansionLink({ part }: StoredName, { id, access, publicUrl }: Common): Link {
  const description = `The files in ${part}`;
  // astroquery takes the text after `ID=` as the ID of the part, and compares the identifier of the standard.
  const descriptor = serviceDescriptor({
    id: descriptorId('files', part),
    description,
    standard: 'ivo://ivoa.net/std/DataLink#links-1.0',
    url: `${publicUrl}/datalink/sync?ID=${encodeURIComponent(part)}`,
    contentType: DATALINK_TYPE,
    inputs: [],
  });
  return {
    id,
    service: { id: descriptorId('files', part), descriptor },
    description,
    semantics: '#datalink',
    contentType: DATALINK_TYPE,
    localSemantics: 'tar.files',
    access,
    fileId: part,
  };
}

/**
 * Returns the link to a file in a part.
 * @param semantics what it is to the ID; by default, what it is to the products
 */
export function fileLink(file: StoredName & Partial<ListedName>, common: Common, semantics?: Semantics): Link {
  const { size, sha256, role, item, image, isUnique } = file;
  const path = file.path ?? file.part;
  const name = basename(path);
  return dataLink(
    {
      name,
      fileId: isUnique === false ? path : name,
      size,
      sha256,
      semantics: semantics ?? semanticsOf(file),
      description: `${item === null ? 'Other file' : ITEMS[item as Item].title}: ${name}`,
      localSemantics: role,
      contentQualifier: image === null ? undefined : isCube(image) ? '#cube' : '#image',
    },
    common,
  );
}

/** Returns the link to the service that cuts parts out of an image; none for a file that it does not take. */
export function cutoutLinks(file: StoredName & Partial<ListedName>, { id, access, publicUrl }: Common): Link[] {
  const { path, image, size, isUnique } = file;
  if (path === null || image === null || size === 0 || !/\.fits$/i.test(path)) return [];
  const fileId = isUnique === false ? path : basename(path);
  const serviceId = descriptorId('cutout', fileId);
  const link: Link = {
    id,
    service: { id: serviceId, descriptor: sodaDescriptor(publicUrl, { id: fileId, serviceId, image }) },
    description: `Cutouts of ${basename(path)}`,
    semantics: '#cutout',
    contentType: 'application/fits',
    localSemantics: 'cutout',
    access,
    fileId,
  };
  return [link];
}

/** Returns the link to the raw data of an execution block. */
export function asdmLink(
  { project, uid, use, size }: { project: string; uid: Uid; use: 'used' | 'additional'; size: number },
  common: Common,
  semantics: Semantics,
): Link {
  const name = rawTarName(project, uid);
  const description = `Raw data of the execution block ${uid}, ${use}; staged on request`;
  return dataLink({ name, fileId: name, size, semantics, description, localSemantics: `asdm.${use}` }, common);
}

/** Returns the XML ID of a descriptor; clients that collect several documents need another for each part and file. */
function descriptorId(kind: string, name: string): string {
  return `${kind}.${name.replaceAll(/[^\w.-]/g, (character) => `_x${character.charCodeAt(0).toString(16)}_`)}`;
}

interface Data {
  name: string;
  fileId: string;
  size: number;
  sha256?: string;
  semantics: Semantics;
  description: string;
  localSemantics: string | null;
  contentQualifier?: '#image' | '#cube' | undefined;
}

/** An empty file, or a size that is not known, is reported as missing. */
function dataLink(data: Data, { id, access, publicUrl }: Common): Link {
  const { name, fileId, size, sha256, semantics, description, localSemantics, contentQualifier } = data;
  const target =
    size > 0
      ? { accessUrl: `${publicUrl}/dataPortal/${fileId.split('/').map(encodeURIComponent).join('/')}` }
      : { errorMessage: `NotFoundFault: ${name} is empty` };
  return {
    id,
    ...target,
    description,
    semantics,
    contentType: mediaTypeOf(name),
    contentLength: size,
    ...(contentQualifier === undefined ? {} : { contentQualifier }),
    ...(localSemantics === null ? {} : { localSemantics }),
    access,
    ...(sha256 === undefined ? {} : { sha256 }),
    fileId,
  };
}

function kindOfPart(name: string): { semantics: Semantics; description: string; local: string } {
  const parsed = parsePartName(name);
  switch (parsed?.kind) {
    case 'product':
    case 'dated':
      return { semantics: '#this', description: `Tar ${parsed.part} of ${parsed.of} of the products`, local: 'tar' };
    case 'auxiliary':
      return { semantics: '#auxiliary', description: 'Tar of everything but the products', local: 'tar.auxiliary' };
    case 'readme':
      return { semantics: '#documentation', description: 'Tar of the README', local: 'tar.readme' };
    case 'raw':
    case undefined:
      return { semantics: '#package', description: 'Tar', local: 'tar.other' };
  }
}

/** The items of a delivery (§3): the README and the logs document it, the images are its products. */
function semanticsOf({ item }: StoredName): Semantics {
  if (item === 1 || item === 6) return '#documentation';
  return item === 2 ? '#this' : '#auxiliary';
}
