import { z } from 'zod';
import { humanText, paragraphsUpTo, textUpTo } from './human-text';
import { instantSchema, projectCodeSchema, revisionSchema, uidSchema } from './primitives';

/** How an execution block was observed; the files of a delivery do not state it. */
export const observationSchema = z.strictObject({
  start: instantSchema.optional().meta({ description: 'When the observation began' }),
  exposure: z.number().positive().max(1e6).optional().meta({ description: 'Exposure on the science target, seconds' }),
  pwv: z.number().nonnegative().max(100).optional().meta({ description: 'Precipitable water vapour, mm' }),
  antennas: z
    .array(z.string().regex(/^[A-Z]{1,4}\d{1,3}:[A-Z]{2}\d{2}$/, { error: 'expected pad:antenna, such as A109:DV01' }))
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Each antenna with its pad, such as `A109:DV01`' }),
});
export type Observation = z.infer<typeof observationSchema>;

const publicationSchema = z.strictObject({
  bibcode: z
    .string()
    .regex(/^\d{4}[A-Za-z0-9&.]{14}[A-Z.]$/, { error: 'expected a bibcode such as 2015ApJ...808L...3A' }),
  title: textUpTo(1000).optional(),
  authors: z.array(humanText).min(1).max(1000).optional(),
  year: z.int().min(2011).max(9999).optional(),
  abstract: paragraphsUpTo(10_000).optional(),
});

const sensitivitySchema = z.strictObject({
  uid: uidSchema.meta({ description: 'The science goal' }),
  sensitivity: z.number().positive().max(1e9).meta({ description: 'The requested sensitivity, mJy/beam' }),
  bandwidth: z.number().positive().max(1e13).optional().meta({ description: 'The bandwidth that it refers to, Hz' }),
});

/** The most bytes of a metadata document as JSON: its event must fit into a Kafka message of 1 MB. */
export const MAX_METADATA_BYTES = 512 * 1024;

const fields = {
  revision: revisionSchema.meta({ description: 'Increases with each change of the metadata of the project' }),
  title: textUpTo(500).optional(),
  abstract: paragraphsUpTo(10_000).optional(),
  scienceKeywords: z.array(humanText).max(20).optional(),
  scienceCategory: humanText.optional(),
  scienceGoals: z.array(sensitivitySchema).max(1000).optional(),
  executionBlocks: z
    .array(z.strictObject({ uid: uidSchema, ...observationSchema.shape }))
    .max(5000)
    .optional()
    .meta({ description: 'Replaces, value by value, what the QA2 results state about these execution blocks' }),
  publications: z.array(publicationSchema).max(1000).optional(),
};

const people = {
  pi: z
    .strictObject({ name: humanText, userId: textUpTo(100).optional() })
    .optional()
    .meta({ description: 'The principal investigator' }),
  coInvestigators: z.array(humanText).max(500).optional(),
};

/**
 * What the files of a project do not state. A document replaces the one of the revision before it as a whole; a value that
 * it leaves out is unknown.
 */
export const projectMetadataSchema = z
  .strictObject({
    ...fields,
    ...people,
    showNames: z.boolean().default(false).meta({
      description: 'Whether the names of the PI and the co-investigators may be shown to everyone',
    }),
  })
  .check(({ value, issues }) => {
    for (const [path, message] of repeats(value)) issues.push({ code: 'custom', path, message, input: value });
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes <= MAX_METADATA_BYTES) return;
    const message = `the document has ${bytes} bytes; at most ${MAX_METADATA_BYTES} are allowed`;
    issues.push({ code: 'custom', message, input: value });
  })
  .meta({ id: 'ProjectMetadata' });
export type ProjectMetadata = z.infer<typeof projectMetadataSchema>;

/** Returns the places of entries that name the same thing as an entry before them. */
function* repeats({
  scienceGoals = [],
  executionBlocks = [],
  publications = [],
}: Pick<z.infer<z.ZodObject<typeof fields>>, 'scienceGoals' | 'executionBlocks' | 'publications'>): Generator<
  [path: PropertyKey[], message: string]
> {
  const lists: [list: string, field: string, values: string[]][] = [
    ['scienceGoals', 'uid', scienceGoals.map(({ uid }) => uid)],
    ['executionBlocks', 'uid', executionBlocks.map(({ uid }) => uid)],
    ['publications', 'bibcode', publications.map(({ bibcode }) => bibcode)],
  ];
  for (const [list, field, values] of lists) {
    const firstAt = new Map<string, number>();
    for (const [index, value] of values.entries()) {
      const first = firstAt.get(value);
      if (first === undefined) firstAt.set(value, index);
      else yield [[list, index, field], `repeats /${list}/${first}/${field}`];
    }
  }
}

/** The metadata as everyone may see them: without the names of PI and co-investigators unless these may be shown. */
export const publicMetadataSchema = z.object({ ...fields, ...people }).meta({ id: 'PublicMetadata' });
export type PublicMetadata = z.infer<typeof publicMetadataSchema>;

/** Returns the metadata as everyone may see them. */
export function publicMetadata({ pi, coInvestigators, showNames, ...rest }: ProjectMetadata): PublicMetadata {
  return showNames ? { ...rest, pi, coInvestigators } : rest;
}

const recordedFields = {
  project: projectCodeSchema,
  recordedAt: z.iso.datetime(),
  source: z.enum(['request', 'qa2-result']).meta({
    description: '`request`: `PUT /projects/{code}/metadata`; `qa2-result`: part of a QA2 result',
  }),
  namesShown: z.boolean().meta({ description: 'Whether this answer has the names of the PI and the co-investigators' }),
  metadata: publicMetadataSchema,
};

/** `GET /projects/{code}/metadata` */
export const recordedMetadataSchema = z.object(recordedFields).meta({ id: 'RecordedMetadata' });
export type RecordedMetadata = z.infer<typeof recordedMetadataSchema>;

/** An entry of `GET /projects/{code}/metadata/history` */
export const metadataHistorySchema = z
  .object({
    ...recordedFields,
    state: z.enum(['current', 'replaced', 'refused']).meta({
      description: '`refused`: a QA2 result stated other content under a recorded revision, which stays as it is',
    }),
    by: z.string().meta({ description: 'Who sent it: the caller, or the id of the QA2 result' }),
  })
  .meta({ id: 'MetadataHistoryEntry' });
export type MetadataHistoryEntry = z.infer<typeof metadataHistorySchema>;
