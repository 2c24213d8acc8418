import { domainToASCII } from 'node:url';
import { isProjectCode, isUid, type Uid, UID_IN_FILE_NAME } from '@almagest/ous';
import { z } from 'zod';
import { locationFault, MAX_LOCATION_LENGTH } from './location';

/** A uid in canonical form. */
export const uidSchema = z
  .string()
  .refine(isUid, { error: 'expected a uid such as uid://A001/X12b/X239 (lower case hexadecimal, no leading zeros)' })
  .meta({ id: 'Uid', examples: ['uid://A001/X12b/X239'] }) as unknown as z.ZodType<Uid, string>;

/** An ALMA project code, `YYYY.C.NNNNN.Z`. */
export const projectCodeSchema = z
  .string()
  .refine(isProjectCode, { error: 'expected a project code such as 2013.1.09999.S' })
  .meta({ id: 'ProjectCode' });

/** A SHA-256 as 64 lower case hexadecimal digits. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, {
  error: 'expected a SHA-256 as 64 lower case hexadecimal digits',
});

/** A number of bytes. */
export const byteCountSchema = z.int({ error: 'expected a whole number of bytes' }).nonnegative({
  error: 'expected a number of bytes that is not negative',
});

/** The database has no year 0. */
const YEAR_0 = /^(?!0000)/;

const INSTANT = 'expected an RFC 3339 time with its offset, such as 2014-12-05T08:50:00Z';

/** An RFC 3339 instant with its offset. `t` and `z` become upper case, and a leap second the second after it. */
export const instantSchema = z
  .string()
  .overwrite(plainInstant)
  .check(z.iso.datetime({ offset: true, error: INSTANT }), z.regex(YEAR_0, { error: 'there is no year 0' }))
  .meta({ format: 'date-time' });

/** A calendar day, UTC. */
export const daySchema = z.iso
  .date({ error: 'expected a day such as 2015-12-05' })
  .regex(YEAR_0, { error: 'there is no year 0' });

/** Leap seconds are the last second of a month, UTC (RFC 3339, 5.7). Dates of JavaScript and of PostgreSQL have none. */
function plainInstant(text: string): string {
  const upper = text.toUpperCase();
  if (!/T\d\d:\d\d:60(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(upper)) return upper;
  const second = Date.parse(upper.replace(/:60(?:\.\d+)?/, ':59'));
  if (Number.isNaN(second)) return upper;
  const next = new Date(second + 1000);
  return next.getUTCDate() === 1 && next.getTime() % DAY_MS === 0 ? next.toISOString() : upper;
}

const DAY_MS = 24 * 3600 * 1000;

/** One part of the text before the @: letters, digits and these signs (RFC 5322, atext), or anything beyond ASCII. */
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u{80}-\\u{10ffff}-]+";
const LOCAL_PART = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u');
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/;

/** The most octets of an address and of its local part (RFC 5321, 4.5.3.1). */
const MAX_ADDRESS = 254;
const MAX_LOCAL_PART = 64;

/**
 * A mail address: a dot-atom, @, and a domain name of at least two labels, which may be internationalised in either form
 * (RFC 5321, RFC 6531). The case of the local part is kept; that of the domain means nothing and becomes lower.
 */
export const mailAddressSchema = z
  .string()
  .overwrite((address) => address.replace(/@[^@]*$/, (domain) => domain.toLowerCase()))
  .refine(isMailAddress, { error: 'expected a mail address' })
  .meta({ format: 'email' });

function isMailAddress(address: string): boolean {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  // No control, separator or format character anywhere: they could hide or break what a person or a header shows.
  if (at < 0 || /[\p{Cc}\p{Cf}\p{Z}]/u.test(address)) return false;
  if (Buffer.byteLength(address) > MAX_ADDRESS || Buffer.byteLength(local) > MAX_LOCAL_PART) return false;
  const ascii = domainToASCII(domain);
  return LOCAL_PART.test(local) && ascii.length <= 253 && DOMAIN.test(ascii) && !/^[\d.]+$/.test(ascii);
}

/** A number that increases with each delivery of the same ObsUnitSet. */
export const revisionSchema = z
  .int({ error: 'expected a whole number' })
  .min(1, { error: 'a revision starts at 1' })
  .max(1_000_000, { error: 'a revision is at most 1000000' });

/**
 * Where a file is: `file:///...`, `https://host/...`, `s3://bucket/key`, or `ngas://host:port/<file id>` in the
 * observatory's bulk store. The archive's configuration says which roots, hosts, buckets and servers are allowed.
 */
export const locationSchema = z
  .string()
  .max(MAX_LOCATION_LENGTH)
  .check(({ value, issues }) => {
    const fault = issues.length === 0 ? locationFault(value) : null;
    if (fault !== null) issues.push({ code: 'custom', message: fault, input: value });
  });

/** A uid in the form that URL paths use: `uid___A001_X12b_X239`. */
export const uidInPathSchema = z.string().regex(new RegExp(`^${UID_IN_FILE_NAME}$`), {
  error: 'expected a uid in file form such as uid___A001_X12b_X239',
});
