import type { NameFlaw, TarEntryType } from '../tar-entry';
import type { TarLimits } from '../tar-format';
import { TarError } from '../tar.error';
import type { MemberExtensions } from './extension-headers';
import { decodeName, type HeaderBlock } from './header-block';
import { gnuLogicalSize, readHeaderSegments, SparseMap } from './sparse-map';

/** Where the rest of a member's sparse map is; `complete` when nothing is missing. */
export type MapSource = 'complete' | 'extension-blocks' | 'data';

/** A member as described by its headers. Its data, and so its offset, begin after the rest of a sparse map. */
export interface Member {
  path: string;
  pathFlaw: NameFlaw | null;
  type: TarEntryType;
  mode: number;
  mtime: Date | null;
  linkPath: string | null;
  headerOffset: number;
  /** Bytes from here to the padding, including a sparse map in front of the data. */
  dataBytes: number;
  /** Logical size. */
  size: number;
  /** Null when the member is not sparse, or when its map has not been read yet. */
  map: SparseMap | null;
  mapSource: MapSource;
}

const TYPES: Readonly<Record<string, TarEntryType>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
  '7': 'contiguous-file',
  S: 'file',
};

/**
 * Combines a header with the extension headers before it.
 * @param block the header's block, for the sparse map of GNU's old format
 * @param at archive offset of the block
 * @throws TarError when sizes, names or sparse maps exceed the limits or contradict each other
 */
export function resolveMember(
  header: HeaderBlock,
  extensions: MemberExtensions,
  block: Buffer,
  at: number,
  limits: TarLimits,
): Member {
  const { text, flaw } = decodeName(checkName(extensions.path ?? header.name, at, limits));
  const type = typeOf(header.typeflag, text);
  const path = type === 'directory' ? withoutTrailingSlashes(text) : text;
  checkDepth(path, at, limits);
  const isLink = type === 'hardlink' || type === 'symlink';
  const dataBytes = extensions.size ?? header.size;
  checkDataBytes(type, dataBytes, path, at);
  const sparse = sparseOf(header, extensions, block, at, limits);
  if (sparse && type !== 'file' && type !== 'contiguous-file') {
    throw new TarError('tar.bad-sparse-map', {
      at,
      path,
      expected: 'a sparse map of a file',
      found: `one of a ${type}`,
    });
  }
  const size = sparse?.size ?? dataBytes;
  checkMemberSize(Math.max(size, dataBytes), path, at, limits);
  return {
    path,
    pathFlaw: flaw,
    type,
    mode: header.mode,
    mtime: toDate(extensions.mtime ?? header.mtime * 1000),
    linkPath: isLink ? decodeName(checkName(extensions.linkPath ?? header.linkName, at, limits)).text : null,
    headerOffset: extensions.headerOffset ?? at,
    dataBytes,
    size,
    map: sparse?.map ?? null,
    mapSource: sparse?.mapSource ?? 'complete',
  };
}

interface Sparse {
  size: number;
  map: SparseMap | null;
  mapSource: MapSource;
}

function sparseOf(
  header: HeaderBlock,
  extensions: MemberExtensions,
  block: Buffer,
  at: number,
  limits: TarLimits,
): Sparse | null {
  if (header.typeflag !== 'S') {
    return extensions.sparse && { ...extensions.sparse, mapSource: extensions.sparse.map ? 'complete' : 'data' };
  }
  if (header.dialect !== 'gnu' || extensions.sparse) {
    const found = extensions.sparse ? 'pax sparse keywords as well' : `a ${header.dialect} header`;
    throw new TarError('tar.bad-sparse-map', { at, expected: 'a GNU header for type S', found });
  }
  const map = new SparseMap(at, limits.maxSparseSegments);
  const more = readHeaderSegments(block, at, map);
  return { size: gnuLogicalSize(block, at), map, mapSource: more ? 'extension-blocks' : 'complete' };
}

/** Old programs mark a directory only by the slash at the end of its name. */
function typeOf(flag: string, name: string): TarEntryType {
  const type = TYPES[flag] ?? 'other';
  const isPlain = (type === 'file' || type === 'contiguous-file') && flag !== 'S';
  return isPlain && name.endsWith('/') ? 'directory' : type;
}

/** Programs differ in whether data follow the header of a link, directory or device with a size. */
function checkDataBytes(type: TarEntryType, dataBytes: number, path: string, at: number): void {
  const hasData = type === 'file' || type === 'contiguous-file' || type === 'other';
  if (hasData || dataBytes === 0) return;
  const expected = `no data after the header of a ${type}`;
  throw new TarError('tar.ambiguous-header', { at, path, expected, found: `${dataBytes} bytes` });
}

function checkMemberSize(size: number, path: string, at: number, limits: TarLimits): void {
  if (size <= limits.maxMemberSize) return;
  const expected = `a member of at most ${limits.maxMemberSize} bytes`;
  throw new TarError('tar.too-large', { at, path, expected, found: `${size} bytes` });
}

function checkName(name: Buffer, at: number, limits: TarLimits): Buffer {
  if (name.length <= limits.maxPathBytes) return name;
  const expected = `a name of at most ${limits.maxPathBytes} bytes`;
  throw new TarError('tar.name-too-long', {
    at,
    path: name.toString('utf8', 0, 200),
    expected,
    found: `${name.length} bytes`,
  });
}

function checkDepth(path: string, at: number, limits: TarLimits): void {
  let depth = 1;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) depth++;
  if (depth <= limits.maxPathDepth) return;
  const expected = `a name of at most ${limits.maxPathDepth} components`;
  throw new TarError('tar.path-too-deep', { at, path, expected, found: `${depth} components` });
}

/** `a/` -> `a`; the root itself stays `/`. */
function withoutTrailingSlashes(name: string): string {
  let end = name.length;
  while (end > 1 && name[end - 1] === '/') end--;
  return name.slice(0, end);
}

function toDate(milliseconds: number): Date | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date;
}
