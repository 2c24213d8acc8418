import { crc32 } from '@node-rs/crc32';
import { sumText } from '../chunks';
import type { UploadedChunk } from '../object-store.port';

/** The properties of an upload: the first line of its journal. */
export interface UploadHeader {
  readonly key: string;
  readonly chunkSize: number;
  readonly startedAt: Date;
}

/** A later line: a chunk is durably in the data file, or is void because it is about to be overwritten. */
export type JournalEntry =
  { readonly kind: 'chunk'; readonly chunk: UploadedChunk } | { readonly kind: 'void'; readonly number: number };

const HEADER = /^almagest-upload 1 (\S{1,1024}) (\d{1,10}) (\S{1,32})$/;
const CHUNK = /^chunk (\d{1,5}) (\d{1,10}) ([0-9a-f]{8})$/;
const VOID = /^void (\d{1,5})$/;

/** Writes the first line of a journal. */
export function encodeHeader({ key, chunkSize, startedAt }: UploadHeader): string {
  return withChecksum(`almagest-upload 1 ${key} ${chunkSize} ${startedAt.toISOString()}`);
}

/** Writes a later line of a journal. */
export function encodeEntry(entry: JournalEntry): string {
  if (entry.kind === 'void') return withChecksum(`void ${entry.number}`);
  return withChecksum(`chunk ${entry.chunk.number} ${entry.chunk.size} ${entry.chunk.etag}`);
}

/** Reads the first line, without its line feed; null when it is not valid. */
export function decodeHeader(line: string): UploadHeader | null {
  const [, key, chunkSize, startedAt] = HEADER.exec(withoutChecksum(line) ?? '') ?? [];
  if (key === undefined || chunkSize === undefined || startedAt === undefined) return null;
  return { key, chunkSize: Number(chunkSize), startedAt: new Date(startedAt) };
}

/** Reads a later line, without its line feed; null for a line that a crash truncated, and for an empty one. */
export function decodeEntry(line: string): JournalEntry | null {
  const text = withoutChecksum(line) ?? '';
  const [, number, size, etag] = CHUNK.exec(text) ?? [];
  if (number !== undefined && size !== undefined && etag !== undefined) {
    return { kind: 'chunk', chunk: { number: Number(number), size: Number(size), etag } };
  }
  const [, voided] = VOID.exec(text) ?? [];
  return voided === undefined ? null : { kind: 'void', number: Number(voided) };
}

/** Appends a checksum, by which a truncated line is detected. */
function withChecksum(text: string): string {
  return `${text} ${checksum(text)}\n`;
}

/** Removes the checksum; null when it is wrong. */
function withoutChecksum(line: string): string | null {
  const cut = line.lastIndexOf(' ');
  const text = line.slice(0, Math.max(cut, 0));
  return cut > 0 && line.slice(cut + 1) === checksum(text) ? text : null;
}

function checksum(text: string): string {
  return sumText(crc32(text));
}
