import { isUtf8 } from 'node:buffer';
import type { NameFlaw } from '../tar-entry';
import { BLOCK } from '../tar-format';
import { TarError } from '../tar.error';

/** `v7` has no magic; `ustar` is POSIX.1-1988 and pax; `gnu` has other fields in the place of ustar's prefix. */
export type HeaderDialect = 'v7' | 'ustar' | 'gnu';

/** The fields of a header block that the reader needs. The names are copies. */
export interface HeaderBlock {
  dialect: HeaderDialect;
  /** The type flag as one Latin-1 character. */
  typeflag: string;
  /** The name, with ustar's prefix in front. */
  name: Buffer;
  linkName: Buffer;
  size: number;
  mode: number;
  /** Seconds since 1970. */
  mtime: number;
}

const CHECKSUM = { start: 148, length: 8 };
const MAGIC = 257;
const SPACE = 0x20;
const ZERO = 0x30;
const SEVEN = 0x37;

/**
 * Returns true when the checksum field is the sum of the block's bytes, with spaces in the place of that field. Two
 * sums are in use: of unsigned bytes, as in the standard, and of signed bytes, by some old programs.
 */
export function checksumMatches(block: Buffer): boolean {
  let unsigned = CHECKSUM.length * SPACE;
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

/** Returns true when the block has the magic of ustar, pax or GNU tar, even if its checksum is wrong. */
export function hasTarMagic(block: Buffer): boolean {
  return block.toString('latin1', MAGIC, MAGIC + 5) === 'ustar';
}

/**
 * Decodes a header block.
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
 * Returns the size if it is an integer from 0 to 2^53 - 1.
 * @param stored returns the stored text, for the error
 * @throws TarError `tar.bad-size`
 */
export function checkSize(size: number | null, at: number, stored: () => string): number {
  if (size !== null && Number.isSafeInteger(size) && size >= 0) return size;
  const found = size === null || !Number.isFinite(size) ? stored() : String(size);
  throw new TarError('tar.bad-size', { at, expected: 'a size from 0 to 2^53 - 1 bytes', found });
}

/** Returns a numeric field as stored, quoted for an error message. */
export function fieldText(block: Buffer, start: number, length: number): string {
  return JSON.stringify(block.toString('latin1', start, start + length));
}

function dialectOf(block: Buffer): HeaderDialect {
  if (!hasTarMagic(block)) return 'v7';
  return block[MAGIC + 5] === SPACE ? 'gnu' : 'ustar';
}

function numberOf(block: Buffer, field: string, start: number, length: number, at: number): number {
  const value = readNumericField(block, start, length);
  if (value !== null) return value;
  const found = fieldText(block, start, length);
  throw new TarError('tar.bad-header', { at: at + start, expected: `a number in the header's ${field} field`, found });
}

/**
 * Reads a number in a header field: octal digits after optional spaces, up to a space, a NUL or the end of the field;
 * or, when the first byte has its top bit set, a big-endian two's complement number (GNU and star "base-256"). A blank
 * field is 0. Returns null for anything else. Numbers beyond 2^53 lose their last digits but stay large.
 */
export function readNumericField(block: Buffer, start: number, length: number): number | null {
  return ((block[start] ?? 0) & 0x80) !== 0
    ? readBinary(block, start, length)
    : readOctal(block, start, start + length);
}

function readBinary(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  const negative = (first & 0x40) !== 0;
  const flip = negative ? 0xff : 0;
  let value = (first ^ flip) & 0x3f;
  for (let i = start + 1; i < start + length; i++) value = value * 256 + ((block[i] ?? 0) ^ flip);
  return negative ? -value - 1 : value;
}

function readOctal(block: Buffer, start: number, end: number): number | null {
  let at = start;
  while (at < end && block[at] === SPACE) at++;
  const firstDigit = at;
  let value = 0;
  for (; at < end; at++) {
    const digit = block[at] ?? 0;
    if (digit < ZERO || digit > SEVEN) break;
    value = value * 8 + (digit - ZERO);
  }
  if (at === firstDigit) return isBlank(block, at, end) ? 0 : null;
  return at === end || isTerminator(block[at]) ? value : null;
}

/** A NUL followed by digits is not a blank field: some programs read 0 there and others the digits. */
function isBlank(block: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isTerminator(block[i])) return false;
  return true;
}

function isTerminator(byte: number | undefined): boolean {
  return byte === SPACE || byte === 0;
}

/** Returns a copy of the bytes of a NUL-terminated field. */
function readNameField(block: Buffer, start: number, length: number): Buffer {
  return Buffer.from(upToNul(block.subarray(start, start + length)));
}

/** Returns a view of the bytes before the first NUL. */
export function upToNul(bytes: Buffer): Buffer {
  const nul = bytes.indexOf(0);
  return nul < 0 ? bytes : bytes.subarray(0, nul);
}

/** Decodes a stored name as UTF-8. The flaw says why the text cannot be trusted; null when it can. */
export function decodeName(bytes: Buffer): { text: string; flaw: NameFlaw | null } {
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) return { text, flaw: 'not-utf-8' };
  if (bytes.includes(0)) return { text, flaw: 'nul' };
  return { text, flaw: /[\u0001-\u001f\u007f-\u009f]/.test(text) ? 'control-character' : null };
}
