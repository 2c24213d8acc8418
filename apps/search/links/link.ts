import type { Cell, Field, Row } from '@almagest/votable';

/** A row of DataLink (DataLink 1.1, 3.2): it has either a URL, a service or an error. */
export interface Link {
  /** As the request has it. */
  readonly id: string;
  readonly accessUrl?: string;
  readonly service?: LinkedService;
  readonly errorMessage?: string;
  readonly description: string;
  readonly semantics: Semantics;
  readonly contentType?: string;
  /** Bytes. */
  readonly contentLength?: number;
  readonly contentQualifier?: '#image' | '#cube';
  readonly localSemantics?: string;
  /** Whether the data are public, and else whether the caller may read them. */
  readonly access?: Access;
  /** Hexadecimal. */
  readonly sha256?: string;
  /** The ID of the linked part or file itself. */
  readonly fileId?: string;
}

/** A service that gives the data of a link. */
export interface LinkedService {
  /** XML ID of its descriptor. */
  readonly id: string;
  /** The RESOURCE that describes it. */
  readonly descriptor: string;
}

export type Semantics =
  '#this' | '#auxiliary' | '#documentation' | '#package' | '#progenitor' | '#datalink' | '#cutout';

export type Access = 'public' | 'authorized' | 'refused';

/** The columns; clients need a fixed length of `semantics` to compare it. */
export const LINK_FIELDS: readonly Field[] = [
  text('ID', 'meta.id;meta.main', 'Identifier of the request'),
  text('access_url', 'meta.ref.url', 'URL of the data'),
  text('service_def', 'meta.ref', 'Service of this document that gives the data'),
  text('error_message', 'meta.code.error', 'Why there is no link'),
  text('description', 'meta.note', 'What the link leads to'),
  { ...text('semantics', 'meta.code', 'What the data are to the ID'), arraysize: '32' },
  text('content_type', 'meta.code.mime', 'Media type of the data'),
  {
    name: 'content_length',
    datatype: 'long',
    unit: 'byte',
    ucd: 'phys.size;meta.file',
    description: 'Size of the data',
  },
  text('content_qualifier', 'meta.code', 'Type of the data product'),
  text('local_semantics', 'meta.id.assoc', 'Role of the file in its delivery, or of the ASDM'),
  text('link_auth', 'meta.code', 'true: only an authorised caller gets the data; optional: everybody does'),
  { name: 'link_authorized', datatype: 'boolean', ucd: 'meta.code', description: 'Whether this caller gets the data' },
  text('sha256', 'meta.checksum', 'SHA-256 of the data, hexadecimal'),
  { ...text('file_id', 'meta.id;meta.file', 'ID of the linked part or file itself'), id: 'file_id' },
];

export function linkRow(link: Link): Row {
  const { access, contentLength } = link;
  return [
    link.id,
    link.accessUrl,
    link.service?.id,
    link.errorMessage,
    link.description,
    link.semantics,
    link.contentType,
    contentLength?.toString(),
    link.contentQualifier,
    link.localSemantics,
    access === undefined ? undefined : access === 'public' ? 'optional' : 'true',
    access === undefined ? undefined : access === 'refused' ? 'f' : 't',
    link.sha256,
    link.fileId,
  ].map((cell): Cell => cell ?? null);
}

/** Returns the row of an ID without links. The fault is one of DataLink 1.1, 3.4. */
export function faultLink(id: string, fault: 'NotFoundFault' | 'UsageFault' | 'DefaultFault', why: string): Link {
  return { id, errorMessage: `${fault}: ${why}`, description: 'No link', semantics: '#this' };
}

function text(name: string, ucd: string, description: string): Field {
  return { name, datatype: 'char', arraysize: '*', ucd, description };
}
