import type { ByteRange } from './byte-ranges';

/** The frame of a `multipart/byteranges` body (RFC 9110 §14.6): what stands before each range and after the last. */
export interface MultipartFrame {
  readonly contentType: string;
  /** Of the whole body, in bytes. */
  readonly length: number;
  readonly heads: readonly string[];
  readonly tail: string;
}

/** Frames ranges of content of this type and size; the boundary must not occur in the content. */
export function frameRanges(
  ranges: readonly ByteRange[],
  content: { type: string; size: number },
  boundary: string,
): MultipartFrame {
  const heads = ranges.map(
    (range, index) =>
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${content.type}\r\n` +
      `Content-Range: ${contentRange(range, content.size)}\r\n\r\n`,
  );
  const tail = `\r\n--${boundary}--\r\n`;
  const framing = heads.reduce((sum, head) => sum + head.length, tail.length);
  const length = ranges.reduce((sum, { start, end }) => sum + end - start + 1, framing);
  return { contentType: `multipart/byteranges; boundary=${boundary}`, length, heads, tail };
}

/** `Content-Range` of a range (RFC 9110 §14.4). */
export function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end}/${size}`;
}
