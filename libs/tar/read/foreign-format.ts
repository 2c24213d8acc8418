import { quote, TarError } from '../tar.error';
import { hasTarMagic } from './header-block';

/** First bytes of compressed data, in Latin-1. */
const COMPRESSED: readonly (readonly [magic: string, name: string])[] = [
  ['\x1f\x8b', 'gzip'],
  ['\x1f\x9d', 'compress (.Z)'],
  ['BZh', 'bzip2'],
  ['\xfd7zXZ\0', 'xz'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['\x04\x22\x4d\x18', 'lz4'],
  ['LZIP', 'lzip'],
  ['PK\x03\x04', 'ZIP'],
  ['7z\xbc\xaf\x27\x1c', '7-Zip'],
];

const FOREIGN: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^\s*<(?:!doctype html|html|head|body)\b/i, 'an HTML page'],
  [/^\s*<\?xml/, 'an XML document'],
  [/^SIMPLE {2}=/, 'a FITS file'],
  [/^%PDF-/, 'a PDF file'],
  [/^\s*[{[]["{[\s]/, 'JSON'],
  [/^[\t\n\r -~]+$/, 'text'],
];

/**
 * Returns the error for a file whose first block is not a tar header, and names the actual format. A client that saves
 * an HTTP response without checking its status stores an error page under the name of a tar.
 * @param start the first bytes of the file, up to 512
 */
export function foreignFormatError(start: Buffer): TarError {
  const text = start.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  const compressed = COMPRESSED.find(([magic]) => text.startsWith(magic));
  if (compressed) {
    return new TarError('tar.compressed', {
      at: 0,
      expected: 'an uncompressed tar archive',
      found: `${compressed[1]} data`,
    });
  }
  if (hasTarMagic(start)) return badChecksumError(0);
  const foreign = FOREIGN.find(([pattern]) => pattern.test(text));
  const beginning = quote(text.slice(0, 40));
  const found = foreign ? `${foreign[1]} beginning ${beginning}` : `a file beginning ${beginning}`;
  return new TarError('tar.not-a-tar', { at: 0, expected: 'a tar header', found });
}

/** Returns the error for a header block whose checksum is wrong. */
export function badChecksumError(at: number): TarError {
  const expected = 'a header with a valid checksum, or the end of the archive';
  return new TarError('tar.bad-checksum', { at, expected, found: 'a block with a wrong checksum' });
}
