const SPACE = 0x20;
const ZERO = 0x30;
const SEVEN = 0x37;

/**
 * Reads a number in a header field: octal digits with leading spaces, ended by a space, a NUL or the field's end; or,
 * when the first byte has its top bit set, a big-endian two's complement number (GNU and star "base-256"). A blank
 * field is 0. Null when it is neither; numbers beyond 2^53 come out inexact but large.
 */
export function readNumericField(block: Buffer, start: number, length: number): number | null {
  return ((block[start] ?? 0) & 0x80) !== 0
    ? readBinary(block, start, length)
    : readOctal(block, start, start + length);
}

function readBinary(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  const negative = (first & 0x40) !== 0;
  const flip = negative ? 0xff : 0;
  let value = (first ^ flip) & 0x3f;
  for (let i = start + 1; i < start + length; i++) value = value * 256 + ((block[i] ?? 0) ^ flip);
  return negative ? -value - 1 : value;
}

function readOctal(block: Buffer, start: number, end: number): number | null {
  let at = start;
  while (at < end && block[at] === SPACE) at++;
  const firstDigit = at;
  let value = 0;
  for (; at < end; at++) {
    const digit = block[at] ?? 0;
    if (digit < ZERO || digit > SEVEN) break;
    value = value * 8 + (digit - ZERO);
  }
  if (at === firstDigit) return isBlank(block, at, end) ? 0 : null;
  return at === end || isTerminator(block[at]) ? value : null;
}

/** A NUL followed by digits is no blank field: some programs would read 0 there and others the digits. */
function isBlank(block: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isTerminator(block[i])) return false;
  return true;
}

function isTerminator(byte: number | undefined): boolean {
  return byte === SPACE || byte === 0;
}
