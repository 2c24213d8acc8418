/** The first and the last byte of a range, counted from 0, both included, as in HTTP. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Returns the number of bytes in a range. */
export function rangeLength({ start, end }: ByteRange): number {
  return end - start + 1;
}

/** Returns the `Range` header that requests a range (RFC 9110 §14.2). */
export function rangeHeader({ start, end }: ByteRange): string {
  return `bytes=${start}-${end}`;
}

/** Returns the `Content-Range` of a range of content of `size` bytes (RFC 9110 §14.4). */
export function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end}/${size}`;
}
