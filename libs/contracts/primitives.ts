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

/** An RFC 3339 instant with its offset. */
export const instantSchema = z.iso.datetime({
  offset: true,
  error: 'expected an RFC 3339 time with its offset, such as 2014-12-05T08:50:00Z',
});

/** A calendar day, UTC. */
export const daySchema = z.iso.date({ error: 'expected a day such as 2015-12-05' });

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
