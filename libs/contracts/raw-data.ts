import { z } from 'zod';
import { byteCountSchema, projectCodeSchema, sha256Schema, uidSchema } from './primitives';
import { humanText } from './qa2-result';

/** `POST /raw-requests`: which raw ASDMs of a MemberOUS are to be staged, and who is told when they are. */
export const rawRequestSchema = z
  .strictObject({
    ous: uidSchema,
    asdms: z
      .union([z.enum(['used', 'all']), z.array(uidSchema).min(1).max(1000)])
      .default('used')
      .meta({ description: '`used` in the imaging, `all` with the additional ones (§3, item 7), or execution blocks' }),
    notify: z
      .strictObject({ name: humanText, email: z.email({ error: 'expected a mail address' }).max(254) })
      .optional()
      .meta({ description: 'Who gets a mail when everything is staged, or cannot be' }),
  })
  .meta({ id: 'RawRequest' });
export type RawRequest = z.infer<typeof rawRequestSchema>;

/** One ASDM of a request for raw data, and how far it has come. */
export const rawAsdmSchema = z
  .object({
    uid: uidSchema.meta({ description: 'Its execution block' }),
    use: z.enum(['used', 'additional']),
    fileName: z.string(),
    unpacksTo: z.string().meta({ description: 'Its directory in the unpacked tree (§5.1)' }),
    size: byteCountSchema,
    state: z.enum(['waiting', 'staging', 'staged', 'failed', 'expired']),
    bytesDone: byteCountSchema.meta({ description: 'Read and checked so far' }),
    sha256: sha256Schema.nullable().meta({ description: 'Once it is staged' }),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        expected: z.string().nullable(),
        found: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Why it failed; while it is `waiting` or `staging`: what holds it up' }),
    url: z.string().nullable().meta({ description: 'Path of its bytes, while they are staged' }),
  })
  .meta({ id: 'RawAsdm' });
export type RawAsdm = z.infer<typeof rawAsdmSchema>;

/** `GET /raw-requests/{id}` */
export const rawRequestStatusSchema = z
  .object({
    id: z.uuid(),
    project: projectCodeSchema,
    ous: uidSchema,
    state: z
      .enum(['staging', 'staged', 'failed', 'expired'])
      .meta({ description: '`failed`: some ASDM could not be staged; the others can be had' }),
    totalSize: byteCountSchema,
    bytesDone: byteCountSchema,
    requestedAt: z.iso.datetime(),
    settledAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().nullable().meta({ description: 'From then on nothing of it can be had' }),
    script: z.string().nullable().meta({ description: 'Path of the download script, while something is staged' }),
    asdms: z.array(rawAsdmSchema),
  })
  .meta({ id: 'RawRequestStatus' });
export type RawRequestStatus = z.infer<typeof rawRequestStatusSchema>;
