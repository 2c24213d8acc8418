/** What is wrong, precisely enough to choose a validation rule. */
export type TarErrorCode =
  /** The file has no bytes. */
  | 'tar.empty'
  /** The file is gzip, bzip2, xz, zstd or other compressed data. */
  | 'tar.compressed'
  /** The file is something else, such as an HTML page. */
  | 'tar.not-a-tar'
  /** A header block whose checksum does not match. */
  | 'tar.bad-checksum'
  /** A header field that cannot be read, or an extension header without its member. */
  | 'tar.bad-header'
  /** A header that tar programs are known to read in different ways, so that the content depends on the program. */
  | 'tar.ambiguous-header'
  /** A size that is negative, not a number, or beyond 2^53 - 1. */
  | 'tar.bad-size'
  /** A malformed pax extended header. */
  | 'tar.bad-pax'
  /** A sparse map whose segments overlap, run backwards, exceed the size or do not add up to the stored data. */
  | 'tar.bad-sparse-map'
  /** The archive ends inside a header, extension header or sparse map. */
  | 'tar.truncated-header'
  /** The archive ends inside a member's data or the padding after it. */
  | 'tar.truncated-data'
  /** The archive ends after a complete member, without the two zero blocks that close it. */
  | 'tar.missing-end'
  /** The end of the archive is followed by bytes other than zeros. */
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
  /** Invalid arguments of planning or packing. */
  | 'tar.plan-invalid'
  /** The tree contains something that a delivery cannot: a link, a device, a socket, a name that is not UTF-8. */
  | 'tar.tree-unsupported'
  /** The tree, or a file of it, cannot be read. */
  | 'tar.tree-unreadable'
  /** The tree changed after it was planned. Retryable: plan again. */
  | 'tar.tree-changed';

export interface TarErrorDetail {
  expected: string;
  found: string;
  /** Byte offset in the archive. */
  at?: number;
  /** The member of the archive, or the file of the tree. */
  path?: string;
  retryable?: boolean;
  cause?: unknown;
}

/** An archive that cannot be read, or a tree that cannot be packed. `expected` and `found` are phrases for a report. */
export class TarError extends Error {
  readonly expected: string;
  readonly found: string;
  /** Byte offset in the archive of what was found; null when the error is not about a place in an archive. */
  readonly offset: number | null;
  /** The member of the archive, or the file of the tree; null when unknown. */
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

/** Quotes a name from an archive for one line of a report: control characters escaped, at most 200 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}...` : text);
}
