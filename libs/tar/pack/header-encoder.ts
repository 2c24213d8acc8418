import { encodePaxRecords } from '../pax-records';
import { BLOCK, paddingAfter } from '../tar-format';
import type { TreeEntry } from './tree-walk';

const NAME_LENGTH = 100;
const PREFIX_LENGTH = 155;
/** The largest number of eleven octal digits: 8 GiB - 1 as a size, the year 2242 as a time. */
const MAX_OCTAL = 8 ** 11 - 1;
const NANOSECONDS = 1_000_000_000n;

/**
 * Encodes the header blocks of a file or directory: one ustar block (POSIX.1-1988), preceded by a pax extended header
 * (POSIX.1-2001) when something does not fit its fields. The owner is 0 without a name, so that the tar does not depend
 * on the packing machine. (tar-stream's encoder writes mode 0 as 0644, times after 2038 as negative, and large sizes in
 * GNU's form.)
 */
export function encodeHeaders(entry: TreeEntry): Buffer {
  const name = entry.type === 'directory' ? `${entry.path}/` : entry.path;
  const seconds = wholeSeconds(entry.mtimeNs);
  const split = splitName(name);
  const records: [keyword: string, value: string][] = [];
  if (!split) records.push(['path', name]);
  if (entry.size > MAX_OCTAL) records.push(['size', String(entry.size)]);
  if (!fitsOctal(seconds)) records.push(['mtime', String(seconds)]);
  const mtime = fitsOctal(seconds) ? seconds : 0;
  const header = encodeBlock({
    ...(split ?? { name: plainName(name), prefix: '' }),
    mode: entry.mode,
    size: entry.size > MAX_OCTAL ? 0 : entry.size,
    mtime,
    typeflag: entry.type === 'directory' ? '5' : '0',
  });
  return records.length === 0 ? header : Buffer.concat([...paxBlocks(name, mtime, records), header]);
}

/** Returns whole seconds since 1970, rounded down before 1970 too. */
function wholeSeconds(nanoseconds: bigint): number {
  const seconds = nanoseconds / NANOSECONDS;
  return Number(nanoseconds % NANOSECONDS < 0n ? seconds - 1n : seconds);
}

function fitsOctal(value: number): boolean {
  return value >= 0 && value <= MAX_OCTAL;
}

/** Splits the name into ustar's two fields, at the last slash whose prefix fits; returns null when it does not fit. */
function splitName(name: string): { name: string; prefix: string } | null {
  if (!/^[\x20-\x7e]*$/.test(name)) return null;
  if (name.length <= NAME_LENGTH) return { name, prefix: '' };
  const lastInside = Math.min(PREFIX_LENGTH, name.length - 2);
  const slash = name.lastIndexOf('/', lastInside);
  if (slash < 1 || name.length - slash - 1 > NAME_LENGTH) return null;
  return { name: name.slice(slash + 1), prefix: name.slice(0, slash) };
}

/** Returns the name for programs without pax: the end of the name in ASCII. */
function plainName(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '_').slice(-NAME_LENGTH);
}

function paxBlocks(name: string, mtime: number, records: [string, string][]): Buffer[] {
  const body = encodePaxRecords(records);
  const label = plainName(name.replace(/\/$/, '').replace(/^.*\//, '')).slice(0, 80);
  const header = encodeBlock({
    name: `PaxHeaders/${label}`,
    prefix: '',
    mode: 0o644,
    size: body.length,
    mtime,
    typeflag: 'x',
  });
  return [header, body, Buffer.alloc(paddingAfter(body.length))];
}

interface BlockFields {
  name: string;
  prefix: string;
  mode: number;
  size: number;
  mtime: number;
  typeflag: '0' | '5' | 'x';
}

function encodeBlock(fields: BlockFields): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(fields.name, 0, NAME_LENGTH, 'latin1');
  writeOctal(block, 100, 8, fields.mode);
  writeOctal(block, 108, 8, 0);
  writeOctal(block, 116, 8, 0);
  writeOctal(block, 124, 12, fields.size);
  writeOctal(block, 136, 12, fields.mtime);
  block.write('        ', 148, 'latin1');
  block.write(fields.typeflag, 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  writeOctal(block, 329, 8, 0);
  writeOctal(block, 337, 8, 0);
  block.write(fields.prefix, 345, PREFIX_LENGTH, 'latin1');
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Writes octal digits, padded with zeros and terminated by a NUL. */
function writeOctal(block: Buffer, start: number, length: number, value: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, start, 'latin1');
}
