import { crc32 } from '@node-rs/crc32';

/** The CRC-32 of a chunk, 8 hexadecimal digits: tells accidents on the way to the store. */
export function chunkSum(bytes: Uint8Array): string {
  return sumText(crc32(bytes));
}

/** A CRC-32 in that form. */
export function sumText(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
