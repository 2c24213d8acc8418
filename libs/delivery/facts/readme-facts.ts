import { z } from 'zod';
import { imageStatementSchema } from './measure';

const text = z.string().nullable();

/**
 * What a README states. `reducer` is the form of Cycles 1-4 with its fields and the reducer's comments, `generic` that
 * of Cycle 5 and later, which states nothing about the data. A name of a person is never kept.
 */
export const readmeFactsSchema = z.strictObject({
  form: z.enum(['empty', 'reducer', 'generic', 'free']),
  cycle: text,
  projectCode: text,
  projectTitle: text,
  schedulingBlocks: z.array(z.string()),
  configuration: text,
  proposedRmsJansky: z.number().positive().nullable(),
  proposedBeamArcsec: z.number().positive().nullable(),
  casaVersion: text,
  qa2Result: text,
  memberSchedulingBlocks: z.int().nonnegative().nullable(),
  /** Achieved beam and noise (§4.1), image by image, from the reducer's comments. */
  achieved: z.array(imageStatementSchema),
  /** The sentences of the comments that tell why it is delivered again; absent in reports of before it was read. */
  deliveredAgain: text.optional(),
});
export type ReadmeFacts = z.infer<typeof readmeFactsSchema>;
