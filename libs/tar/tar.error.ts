import { quote } from './quote';

/** What is wrong, precisely enough to choose a rule by. */
export type TarErrorCode =
  /** The file has no bytes. */
  | 'tar.empty'
  /** gzip, bzip2, xz, zstd or other compressed data under a tar's name. */
  | 'tar.compressed'
  /** Something else under a tar's name, such as an HTML page. */
  | 'tar.not-a-tar'
  /** A header block whose checksum does not match. */
  | 'tar.bad-checksum'
  /** A header field that cannot be read, or an extension header without its member. */
  | 'tar.bad-header'
  /** A header that tar programs are known to read in different ways, so that the archive has no one content. */
  | 'tar.ambiguous-header'
  /** A size that is negative, not a number, or beyond 2^53 - 1. */
  | 'tar.bad-size'
  /** A pax extended header that breaks its own form. */
  | 'tar.bad-pax'
  /** A sparse map that overlaps, runs backwards, passes the size or does not account for the stored data. */
  | 'tar.bad-sparse-map'
  /** The archive ends inside a header, extension header or sparse map. */
  | 'tar.truncated-header'
  /** The archive ends inside a member's data or the padding after it. */
  | 'tar.truncated-data'
  /** The archive ends after a whole member, without the two zero blocks that close it. */
  | 'tar.missing-end'
  /** Something other than zeros follows the end of the archive. */
  | 'tar.trailing-garbage'
  /** A pax header or long name over `maxMetadataBytes`, or a sparse map over `maxSparseSegments`. */
  | 'tar.oversize-metadata'
  | 'tar.too-many-entries'
  /** A member over `maxMemberSize`, or holes over `maxHoleBytes`. */
  | 'tar.too-large'
  | 'tar.name-too-long'
  | 'tar.path-too-deep'
  /** The reader was used after its end. */
  | 'tar.reader-closed'
  /** Arguments of planning or packing that cannot be met. */
  | 'tar.plan-invalid'
  /** The tree holds something a delivery cannot: a link, a device, a socket, a name that is not UTF-8. */
  | 'tar.tree-unsupported'
  /** The tree, or a file of it, cannot be read. */
  | 'tar.tree-unreadable'
  /** The tree is no longer what was planned. Retryable: plan again. */
  | 'tar.tree-changed';

export interface TarErrorDetail {
  expected: string;
  found: string;
  /** Byte offset in the archive. */
  at?: number;
  /** The member, or the file of a tree, it concerns. */
  path?: string;
  retryable?: boolean;
  cause?: unknown;
}

/** An archive that cannot be read, or a tree that cannot be packed. `expected` and `found` are phrases for a report. */
export class TarError extends Error {
  readonly expected: string;
  readonly found: string;
  /** Byte offset in the archive of what was found; null where no archive offset applies. */
  readonly offset: number | null;
  /** The member, or the file of a tree, it concerns; null when none is known. */
  readonly path: string | null;
  readonly retryable: boolean;

  constructor(
    readonly code: TarErrorCode,
    detail: TarErrorDetail,
  ) {
    super(message(detail), { cause: detail.cause });
    this.name = 'TarError';
    this.expected = detail.expected;
    this.found = detail.found;
    this.offset = detail.at ?? null;
    this.path = detail.path ?? null;
    this.retryable = detail.retryable ?? false;
  }
}

function message(detail: TarErrorDetail): string {
  const where = [
    ...(detail.path === undefined ? [] : [quote(detail.path)]),
    ...(detail.at === undefined ? [] : [`byte ${detail.at}`]),
  ].join(', ');
  return `${where}${where && ': '}expected ${detail.expected}, found ${detail.found}`;
}
