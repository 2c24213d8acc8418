import { BLOCK } from '../blocks';
import { TarError } from '../tar.error';
import { readNumericField } from './numeric-field';
import { readNameField } from './stored-name';

/** `v7` has no magic; `ustar` is POSIX.1-1988 and pax; `gnu` puts other fields where ustar has its prefix. */
export type HeaderDialect = 'v7' | 'ustar' | 'gnu';

/** The fields of a header block that reading needs. Bytes are copies. */
export interface HeaderBlock {
  dialect: HeaderDialect;
  /** The type flag as one Latin-1 character. */
  typeflag: string;
  /** Name with ustar's prefix in front. */
  name: Buffer;
  linkName: Buffer;
  size: number;
  mode: number;
  /** Seconds since 1970. */
  mtime: number;
}

const CHECKSUM = { start: 148, length: 8 };
const MAGIC = 257;

/**
 * True when the checksum field is the sum of the block's bytes with that field taken as spaces. Both ways of adding are
 * in use: the standard's unsigned bytes, and the signed bytes of some old programs.
 */
export function checksumMatches(block: Buffer): boolean {
  let unsigned = CHECKSUM.length * 0x20;
  let highBytes = 0;
  for (let i = 0; i < BLOCK; i++) {
    if (i === CHECKSUM.start) i += CHECKSUM.length;
    const byte = block[i] ?? 0;
    unsigned += byte;
    highBytes += byte >> 7;
  }
  const stored = readNumericField(block, CHECKSUM.start, CHECKSUM.length);
  return stored === unsigned || stored === unsigned - 256 * highBytes;
}

/** True when the block bears the magic of ustar, pax or GNU tar, whatever its checksum. */
export function hasTarMagic(block: Buffer): boolean {
  return block.toString('latin1', MAGIC, MAGIC + 5) === 'ustar';
}

/**
 * Takes a header block apart.
 * @param at archive offset of the block, for errors
 * @throws TarError `tar.bad-header`, `tar.bad-size`
 */
export function decodeHeader(block: Buffer, at: number): HeaderBlock {
  const dialect = dialectOf(block);
  const name = readNameField(block, 0, 100);
  const prefix = dialect === 'ustar' ? readNameField(block, 345, 155) : null;
  return {
    dialect,
    typeflag: block.toString('latin1', 156, 157),
    name: prefix?.length ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    linkName: readNameField(block, 157, 100),
    size: checkSize(readNumericField(block, 124, 12), at + 124, () => fieldText(block, 124, 12)),
    mode: numberOf(block, 'mode', 100, 8, at) & 0o7777,
    mtime: numberOf(block, 'mtime', 136, 12, at),
  };
}

/**
 * Lets a size through that is a whole number from 0 to 2^53 - 1.
 * @param stored the text it came from, for the error
 * @throws TarError `tar.bad-size`
 */
export function checkSize(size: number | null, at: number, stored: () => string): number {
  if (size !== null && Number.isSafeInteger(size) && size >= 0) return size;
  const found = size === null || !Number.isFinite(size) ? stored() : String(size);
  throw new TarError('tar.bad-size', { at, expected: 'a size from 0 to 2^53 - 1 bytes', found });
}

/** A numeric field as it stands, for an error message. */
export function fieldText(block: Buffer, start: number, length: number): string {
  return JSON.stringify(block.toString('latin1', start, start + length));
}

function dialectOf(block: Buffer): HeaderDialect {
  if (!hasTarMagic(block)) return 'v7';
  return block[MAGIC + 5] === 0x20 ? 'gnu' : 'ustar';
}

function numberOf(block: Buffer, field: string, start: number, length: number, at: number): number {
  const value = readNumericField(block, start, length);
  if (value !== null) return value;
  const found = fieldText(block, start, length);
  throw new TarError('tar.bad-header', { at: at + start, expected: `a number in the header's ${field} field`, found });
}
