import { encodePaxRecords } from '../pax-records';
import { TarReader } from '../read/tar.reader';
import type { TarEntry, TarSummary } from '../tar-entry';
import { BLOCK, END_BLOCKS, paddingAfter, type TarLimits } from '../tar-format';
import { TarError } from '../tar.error';

/** Fields of a test header; numbers are written in octal, strings as given (Latin-1). */
export interface RawHeader {
  name?: string | Buffer;
  mode?: string | number;
  size?: string | number;
  mtime?: string | number;
  typeflag?: string;
  linkName?: string;
  /** `ustar\0` + `00`, GNU's `ustar  \0`, or none. */
  magic?: 'ustar' | 'gnu' | 'v7';
  prefix?: string;
  /** Bytes written at offsets after all fields, before the checksum is computed. */
  patches?: [offset: number, bytes: string | Buffer][];
  /** How the checksum is computed; `wrong` makes it invalid. */
  checksum?: 'unsigned' | 'signed' | 'wrong';
}

/** Returns a header block of 512 bytes. */
export function header(fields: RawHeader = {}): Buffer {
  const block = Buffer.alloc(BLOCK);
  put(block, 0, fields.name ?? 'file');
  put(block, 100, octal(fields.mode ?? 0o644, 8));
  put(block, 108, octal(0, 8));
  put(block, 116, octal(0, 8));
  put(block, 124, octal(fields.size ?? 0, 12));
  put(block, 136, octal(fields.mtime ?? 1421744400, 12));
  put(block, 156, fields.typeflag ?? '0');
  put(block, 157, fields.linkName ?? '');
  put(block, 257, { ustar: 'ustar\x0000', gnu: 'ustar  \0', v7: '' }[fields.magic ?? 'ustar']);
  put(block, 345, fields.prefix ?? '');
  for (const [offset, bytes] of fields.patches ?? []) put(block, offset, bytes);
  put(block, 148, '        ');
  const sum = [...block].reduce(
    (total, byte) => total + (fields.checksum === 'signed' && byte > 127 ? byte - 256 : byte),
    0,
  );
  put(block, 148, `${(fields.checksum === 'wrong' ? sum + 1 : sum).toString(8).padStart(6, '0')}\0 `);
  return block;
}

/** Returns a member: header, data, padding. The size field is that of the data unless given. */
export function member(fields: RawHeader, data: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(data);
  return Buffer.concat([header({ size: bytes.length, ...fields }), padded(bytes)]);
}

/** Returns a pax extended header, of type `x` unless given. */
export function pax(records: [keyword: string, value: string][], typeflag = 'x'): Buffer {
  return member({ name: 'PaxHeaders/it', typeflag }, encodePaxRecords(records));
}

/** Returns a GNU long name (`L`) or long link (`K`). */
export function gnuLong(typeflag: 'L' | 'K', name: string): Buffer {
  return member({ name: '././@LongLink', typeflag, magic: 'gnu' }, `${name}\0`);
}

/** Returns the given blocks, followed by the end of the archive. */
export function archive(...blocks: Buffer[]): Buffer {
  return Buffer.concat([...blocks, Buffer.alloc(END_BLOCKS)]);
}

export function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(paddingAfter(bytes.length))]);
}

/** Returns a number as a GNU/star base-256 field: two's complement with the top bit set. */
export function base256(value: bigint, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let rest = BigInt.asUintN(8 * length, value);
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes;
}

export interface ReadMember extends TarEntry {
  content: Buffer;
}

/** Reads an archive in chunks of the given sizes, used in turn. */
export function readArchive(
  bytes: Buffer,
  options: { chunkSizes?: readonly number[]; limits?: Partial<TarLimits> } = {},
): { members: ReadMember[]; summary: TarSummary } {
  const sizes = options.chunkSizes?.length ? options.chunkSizes : [bytes.length || 1];
  const members: ReadMember[] = [];
  const reader = new TarReader({
    limits: options.limits,
    onEntry: (entry) => {
      const chunks: Buffer[] = [];
      return {
        data: (chunk) => chunks.push(Buffer.from(chunk)),
        end: () => members.push({ ...entry, content: Buffer.concat(chunks) }),
      };
    },
  });
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    // A copy that is overwritten afterwards shows whether the reader kept a view of it.
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    reader.write(chunk);
    chunk.fill(0xa5);
    at += size;
  }
  return { members, summary: reader.end() };
}

/** Returns the TarError that reading the archive throws. */
export function refusal(bytes: Buffer, options: Parameters<typeof readArchive>[1] = {}): TarError {
  try {
    readArchive(bytes, options);
  } catch (error) {
    if (error instanceof TarError) return error;
    throw error;
  }
  throw new Error('the archive was accepted');
}

function put(block: Buffer, offset: number, value: string | Buffer): void {
  Buffer.from(typeof value === 'string' ? Buffer.from(value, 'latin1') : value).copy(block, offset);
}

function octal(value: string | number, length: number): string {
  return typeof value === 'string' ? value : `${value.toString(8).padStart(length - 1, '0')}\0`;
}
