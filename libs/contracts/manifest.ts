import { deliveryReportSchema, imageRecordSchema } from '@almagest/delivery';
import { ARRAYS } from '@almagest/ous';
import { z } from 'zod';
import {
  byteCountSchema,
  daySchema,
  instantSchema,
  projectCodeSchema,
  revisionSchema,
  sha256Schema,
  uidSchema,
} from './primitives';
import { qa2OutcomeSchema, qa2ResultSchema } from './qa2-result';

const deliveryLineSchema = z.object({
  kind: z.literal('delivery'),
  /** From version 2 on, each image has its facts in `image`. */
  version: z.union([z.literal(1), z.literal(2)]),
  id: z.uuid(),
  project: projectCodeSchema,
  level: z.enum(['member', 'group']),
  scienceGoal: uidSchema,
  group: z.object({
    uid: uidSchema,
    members: z.array(
      z.object({
        uid: uidSchema,
        array: z.enum(ARRAYS),
        schedulingBlock: z.object({ uid: uidSchema, name: z.string() }).optional(),
      }),
    ),
  }),
  ous: uidSchema,
  revision: revisionSchema,
  outcome: qa2OutcomeSchema,
  decidedAt: instantSchema,
  executionBlocks: qa2ResultSchema.shape.executionBlocks,
  alsoServes: qa2ResultSchema.shape.alsoServes,
  releaseDate: daySchema.nullable(),
  report: deliveryReportSchema,
});

const partLineSchema = z.object({
  kind: z.literal('part'),
  name: z.string(),
  key: z.string().meta({ description: 'The key of the part in the object store' }),
  size: byteCountSchema,
  sha256: sha256Schema,
});

/** A run of stored bytes of a sparse member: `length` bytes at `offset` in the part belong at `at` in the file. */
const segmentSchema = z.object({ at: byteCountSchema, offset: byteCountSchema, length: byteCountSchema });

const fileLineSchema = z.object({
  kind: z.literal('file'),
  path: z.string(),
  offset: byteCountSchema.meta({ description: 'Offset of the first data byte in the part' }),
  size: byteCountSchema,
  sha256: sha256Schema,
  item: z.int().min(1).max(7).nullable().meta({ description: 'Item of §3' }),
  role: z.string(),
  segments: z.array(segmentSchema).nullable(),
  image: imageRecordSchema.nullable().default(null).meta({ description: 'Null for other files, and in version 1' }),
});

/** When a delivery was withdrawn, and by which FAIL. */
export const withdrawalFacts = {
  withdrawnAt: instantSchema,
  was: z.enum(['current', 'replaced', 'unseen']).meta({
    description: 'Its state until then; `unseen`: it was stored after the FAIL and was never visible',
  }),
  by: z
    .object({
      result: z.uuid(),
      ous: uidSchema.optional().meta({
        description: 'The ObsUnitSet that failed: one of those that the delivery serves. Earlier notes lack it',
      }),
      revision: revisionSchema,
      decidedAt: instantSchema,
    })
    .meta({ description: 'The QA2 result FAIL that withdrew it' }),
  reason: z.string().nullable().meta({ description: 'The reason that the FAIL states' }),
};

/** Returns the revision whose FAIL withdrew a delivery, with the uid of what failed unless the delivery is named after it. */
export function failedRevision({ ous, revision }: z.infer<typeof withdrawalFacts.by>, deliveredAs: string): string {
  return `revision ${revision}${ous === undefined || ous === deliveredAs ? '' : ` of ${ous}`}`;
}

/**
 * The content of `withdrawn.json`, the note beside the manifest of a delivery that QA2 has withdrawn. People can read it
 * too. A rebuild of the catalogue honours it: the delivery stays withdrawn.
 */
export const withdrawalSchema = z.object({
  note: z.string(),
  version: z.literal(1),
  delivery: z.uuid(),
  project: projectCodeSchema,
  group: uidSchema,
  ous: uidSchema,
  revision: revisionSchema,
  ...withdrawalFacts,
});
export type Withdrawal = z.infer<typeof withdrawalSchema>;

/**
 * A line of `manifest.jsonl`, the object beside the parts of every stored delivery: one `delivery` line first, then each
 * `part` line followed by its `file` lines. The catalogue can be rebuilt from the manifests alone. A manifest names no
 * person: mail addresses stay out of the store.
 */
export const manifestLineSchema = z.discriminatedUnion('kind', [deliveryLineSchema, partLineSchema, fileLineSchema]);

export type ManifestDelivery = z.infer<typeof deliveryLineSchema>;
export type ManifestPart = z.infer<typeof partLineSchema>;
export type ManifestFile = z.infer<typeof fileLineSchema>;
export type ManifestLine = z.infer<typeof manifestLineSchema>;
