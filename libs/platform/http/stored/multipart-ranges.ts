import { type ByteRange, contentRange, rangeLength } from '@almagest/contracts';

/** The framing of a `multipart/byteranges` body (RFC 9110 §14.6): the text before each range and after the last. */
export interface MultipartFrame {
  readonly contentType: string;
  /** Length of the whole body, in bytes. */
  readonly length: number;
  readonly heads: readonly string[];
  readonly tail: string;
}

/** Returns the framing for ranges of some content; the boundary must not occur in the content. */
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
  const length = ranges.reduce((sum, range) => sum + rangeLength(range), framing);
  return { contentType: `multipart/byteranges; boundary=${boundary}`, length, heads, tail };
}
