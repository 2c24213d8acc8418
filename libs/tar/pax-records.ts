import { TarError } from './tar.error';

/** One `keyword=value` of a pax extended header. The value stays bytes, since its charset depends on the keyword. */
export interface PaxRecord {
  keyword: string;
  value: Buffer;
}

const SPACE = 0x20;
const NEWLINE = 0x0a;
const EQUALS = 0x3d;
/** Digits of a record's length: more than any header within the limits needs. */
const MAX_LENGTH_DIGITS = 10;

/**
 * Reads the body of a pax extended header (POSIX.1-2001 pax, "pax Extended Header"): records `LENGTH KEYWORD=VALUE\n`,
 * where LENGTH counts the whole record. NULs after the last record are allowed, since some writers pad with them.
 * Values are views of `body`.
 * @param at archive offset of the body, for errors
 * @throws TarError `tar.bad-pax`
 */
export function parsePaxRecords(body: Buffer, at: number): PaxRecord[] {
  const records: PaxRecord[] = [];
  let start = 0;
  while (start < body.length && body[start] !== 0) {
    const { length, prefix } = recordLength(body, start, at);
    const end = start + length - 1;
    if (body[end] !== NEWLINE)
      throw malformed(at + start, `a newline at the end of the record of ${length} bytes`, 'another byte');
    const record = body.subarray(start + prefix, end);
    const equals = record.indexOf(EQUALS);
    if (equals < 1) {
      throw malformed(at + start, 'a record "LENGTH KEYWORD=VALUE"', equals < 0 ? 'no "="' : 'an empty keyword');
    }
    records.push({ keyword: record.toString('utf8', 0, equals), value: record.subarray(equals + 1) });
    start += length;
  }
  for (let i = start; i < body.length; i++) {
    if (body[i] !== 0) throw malformed(at + i, 'only NULs after the last record', 'other bytes');
  }
  return records;
}

function recordLength(body: Buffer, start: number, at: number): { length: number; prefix: number } {
  const space = body.subarray(start, start + MAX_LENGTH_DIGITS + 1).indexOf(SPACE);
  const digits = space < 0 ? '' : body.toString('latin1', start, start + space);
  if (!/^[1-9]\d*$/.test(digits))
    throw malformed(at + start, 'a record that begins with its length', 'no decimal number');
  const length = Number(digits);
  const left = body.length - start;
  if (length > left) throw malformed(at + start, `a record within the ${left} bytes left`, `a length of ${length}`);
  // The shortest record has a keyword of one character: `N k=` and the newline.
  const least = space + 4;
  if (length < least) throw malformed(at + start, `a length of at least ${least}`, `a length of ${length}`);
  return { length, prefix: space + 1 };
}

function malformed(at: number, expected: string, found: string): TarError {
  return new TarError('tar.bad-pax', { at, expected: `${expected} in a pax header`, found });
}

/** Encodes the body of a pax extended header, with the records in the order given. */
export function encodePaxRecords(records: readonly (readonly [keyword: string, value: string])[]): Buffer {
  return Buffer.from(records.map(([keyword, value]) => encodeRecord(keyword, value)).join(''), 'utf8');
}

function encodeRecord(keyword: string, value: string): string {
  const rest = ` ${keyword}=${value}\n`;
  const bytes = Buffer.byteLength(rest, 'utf8');
  // The length counts its own digits, which may add a digit to it: hence the second pass.
  let length = bytes + String(bytes).length;
  length = bytes + String(length).length;
  return `${length}${rest}`;
}
