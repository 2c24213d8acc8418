import { ARRAYS, toFileForm, type Uid } from '@almagest/ous';
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
import { deliveryReportSchema } from './report';

/**
 * The manifest object that lies beside the parts of every stored delivery: JSON Lines, one `delivery` line first, then
 * each `part` line followed by its `file` lines. With it the catalogue can be rebuilt from the store alone. It names
 * no person: mail addresses stay out of the store.
 */
export const MANIFEST_NAME = 'manifest.jsonl';

/**
 * The object that lies beside the manifest of a delivery that QA2 took back, to be read by people too. What it says
 * holds when the catalogue is rebuilt from the store: a withdrawn delivery does not come back.
 */
export const WITHDRAWAL_NAME = 'withdrawn.json';

/** Where a delivery lies in the store, for people to find it without the archive: `<project>/<group>/<ous>/r<revision>`. */
export function deliveryFolder(of: { project: string; group: Uid; ous: Uid; revision: number }): string {
  return [of.project, toFileForm(of.group), toFileForm(of.ous), `r${of.revision}`].join('/');
}

const deliveryLineSchema = z.object({
  kind: z.literal('delivery'),
  version: z.literal(1),
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

/** A run of stored bytes of a sparse member: `length` bytes at `offset` of the part stand at `at` of the file. */
const segmentSchema = z.object({ at: byteCountSchema, offset: byteCountSchema, length: byteCountSchema });

const fileLineSchema = z.object({
  kind: z.literal('file'),
  path: z.string(),
  offset: byteCountSchema.meta({ description: 'Of the first data byte in the part' }),
  size: byteCountSchema,
  sha256: sha256Schema,
  item: z.int().min(1).max(7).nullable().meta({ description: 'Item of §3' }),
  role: z.string(),
  segments: z.array(segmentSchema).nullable(),
});

/** When a delivery was withdrawn, and by which FAIL. */
export const withdrawalFacts = {
  withdrawnAt: instantSchema,
  was: z.enum(['current', 'replaced', 'unseen']).meta({
    description: 'What it was until then; `unseen`: it was stored after the FAIL was heard of, and was never visible',
  }),
  by: z
    .object({ result: z.uuid(), revision: revisionSchema, decidedAt: instantSchema })
    .meta({ description: 'The QA2 result FAIL that took it back' }),
  reason: z.string().nullable().meta({ description: 'As the FAIL states it' }),
};

/** The content of `withdrawn.json`. */
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

export const manifestLineSchema = z.discriminatedUnion('kind', [deliveryLineSchema, partLineSchema, fileLineSchema]);

export type ManifestDelivery = z.infer<typeof deliveryLineSchema>;
export type ManifestPart = z.infer<typeof partLineSchema>;
export type ManifestFile = z.infer<typeof fileLineSchema>;
export type ManifestLine = z.infer<typeof manifestLineSchema>;
