/** Archives are made of blocks of this many bytes. */
export const BLOCK = 512;

/** The end of an archive: two blocks of zeros. */
export const END_BLOCKS = 2 * BLOCK;

/** What an archive is filled up to: 20 blocks, the default of POSIX and of GNU tar. */
export const RECORD = 20 * BLOCK;

/** Zeros to hand out and to compare with. Shared: never written to. */
export const ZEROS: Buffer = Buffer.alloc(1024 * 1024);

/** Bytes from `length` to the next block boundary. */
export function paddingAfter(length: number): number {
  return (BLOCK - (length % BLOCK)) % BLOCK;
}

/** Index of the first byte that is not zero, from `from` on; -1 when there is none. */
export function firstNonZero(bytes: Buffer, from = 0): number {
  for (let at = from; at < bytes.length; at += ZEROS.length) {
    const end = Math.min(at + ZEROS.length, bytes.length);
    if (bytes.compare(ZEROS, 0, end - at, at, end) === 0) continue;
    for (let i = at; i < end; i++) if (bytes[i] !== 0) return i;
  }
  return -1;
}
