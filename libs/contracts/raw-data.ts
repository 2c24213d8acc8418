import { z } from 'zod';
import { byteCountSchema, mailAddressSchema, projectCodeSchema, sha256Schema, uidSchema } from './primitives';
import { humanText } from './human-text';

/** `POST /raw-requests`: which raw ASDMs of a MemberOUS to stage, and who receives a mail about it. */
export const rawRequestSchema = z
  .strictObject({
    ous: uidSchema,
    asdms: z
      .union([z.enum(['used', 'all']), z.array(uidSchema).min(1).max(1000)])
      .default('used')
      .meta({
        description:
          '`used`: those used in the imaging; `all`: the additional ones too (§3, item 7); or a list of execution blocks',
      }),
    notify: z
      .strictObject({ name: humanText, email: mailAddressSchema })
      .optional()
      .meta({ description: 'Who receives a mail when everything is staged, or when something could not be staged' }),
  })
  .meta({ id: 'RawRequest' });
export type RawRequest = z.infer<typeof rawRequestSchema>;

/** One ASDM of a request for raw data, and its progress. */
export const rawAsdmSchema = z
  .object({
    uid: uidSchema.meta({ description: 'The uid of its execution block' }),
    use: z.enum(['used', 'additional']),
    fileName: z.string(),
    unpacksTo: z.string().meta({ description: 'Its directory in the unpacked tree (§5.1)' }),
    size: byteCountSchema,
    state: z.enum(['waiting', 'staging', 'staged', 'failed', 'expired']),
    bytesDone: byteCountSchema.meta({ description: 'Bytes read and verified so far' }),
    sha256: sha256Schema.nullable().meta({ description: 'Null until it is staged' }),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        expected: z.string().nullable(),
        found: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Why it failed; while it is `waiting` or `staging`: why it is retried' }),
    url: z.string().nullable().meta({ description: 'Path to download it from; null unless it is staged' }),
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
      .meta({ description: '`failed`: at least one ASDM could not be staged; the others are available' }),
    url: z.string().meta({ description: 'Path of this request; its state changes until it is settled' }),
    totalSize: byteCountSchema,
    bytesDone: byteCountSchema,
    requestedAt: z.iso.datetime(),
    settledAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().nullable().meta({ description: 'The staged files are available until then' }),
    script: z.string().nullable().meta({ description: 'Path of the download script; null unless something is staged' }),
    asdms: z.array(rawAsdmSchema),
  })
  .meta({ id: 'RawRequestStatus' });
export type RawRequestStatus = z.infer<typeof rawRequestStatusSchema>;
