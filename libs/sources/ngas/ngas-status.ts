import { SaxesParser } from 'saxes';

/** The state of an NGAS server and of one file. */
export interface NgasStatus {
  /** `SUCCESS` or `FAILURE`, of the command. */
  status: string;
  /** `ONLINE` when files are available. */
  state: string;
  message: string;
  /** The newest version of the requested file. */
  file: { version: string; size: number; crc32: number | null } | null;
}

/** A status is a few KiB; a server that sends more is not NGAS. */
export const MAX_STATUS_LENGTH = 256 * 1024;
const MAX_DEPTH = 8;
/** The names of NGAS's CRC-32, which depend on its version. */
const CRC32 = new Set(['crc32', 'ngamsGenCrc32']);

/**
 * Parses an `NgamsStatus` document; null when it is another one. Ignores its DOCTYPE: nothing is fetched, and only XML's
 * own five entities are known.
 */
export function parseNgasStatus(xml: string): NgasStatus | null {
  const parser = new SaxesParser();
  const path: string[] = [];
  let found: NgasStatus | null = null;
  let file: NgasStatus['file'] = null;
  parser.on('opentag', ({ name, attributes }) => {
    path.push(name);
    if (path.length > MAX_DEPTH) throw new Error('too deep');
    if (path[0] !== 'NgamsStatus') throw new Error('another document');
    if (name === 'Status' && path.length === 2) found = statusOf(attributes);
    if (name === 'FileStatus') file ??= fileOf(attributes);
  });
  parser.on('closetag', () => void path.pop());
  parser.on('error', (error) => {
    throw error;
  });
  try {
    parser.write(xml).close();
  } catch {
    return null;
  }
  return found === null ? null : { ...(found as NgasStatus), file };
}

function statusOf(attributes: Readonly<Record<string, string>>): NgasStatus {
  const message = (attributes['Message'] ?? '').replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 300);
  return { status: attributes['Status'] ?? '', state: attributes['State'] ?? '', message, file: null };
}

function fileOf(attributes: Readonly<Record<string, string>>): NgasStatus['file'] {
  const {
    FileVersion: version = '',
    FileSize: size = '',
    Checksum: checksum = '',
    ChecksumPlugIn: by = '',
  } = attributes;
  if (!/^\d{1,9}$/.test(version) || !/^\d{1,15}$/.test(size)) return null;
  // Old versions store it as a signed number.
  const crc32 = CRC32.has(by) && /^-?\d{1,10}$/.test(checksum) ? Number(checksum) >>> 0 : null;
  return { version, size: Number(size), crc32 };
}
