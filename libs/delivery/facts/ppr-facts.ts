import { z } from 'zod';

/** What a pipeline processing request (PPR) names. Uids stand as in the file: they are judged by the rules. */
export const pprFactsSchema = z.strictObject({
  projectCode: z.string().nullable(),
  memberOus: z.string().nullable(),
  schedulingBlock: z.string().nullable(),
  procedure: z.string().nullable(),
  executionBlocks: z.array(z.string()),
  /** Execution blocks by session: of the intents `SESSION_1`, `SESSION_2` ... */
  sessions: z.array(z.strictObject({ number: z.int().positive(), executionBlocks: z.array(z.string()) })),
});
export type PprFacts = z.infer<typeof pprFactsSchema>;
