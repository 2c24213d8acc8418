import { z } from 'zod';
import { type ImageStatement, imageStatementSchema } from './measure';

/** What the text file of an execution block's QA2 report states (§4.5). */
export interface Qa2TextFacts {
  /** The execution block it calls itself the report of, in file form; null when it does not say. */
  executionBlock: string | null;
  casaVersion: string | null;
  /** Beam and noise of its "Check of a target image and sensitivity". */
  check: ImageStatement | null;
}

/** What a later cycle's `qa2_report.html` states. */
export const qa2ReportFactsSchema = z.strictObject({
  status: z.string().nullable(),
  /** Executions done and expected; fractional, and the first can exceed the second. */
  executions: z.strictObject({ done: z.number(), expected: z.number() }).nullable(),
  images: z.array(z.strictObject({ name: z.string(), robust: z.number().nullable(), ...imageStatementSchema.shape })),
  /** MemberOUSs of the group's other scheduling blocks. */
  otherMembers: z.array(z.string()),
});
export type Qa2ReportFacts = z.infer<typeof qa2ReportFactsSchema>;
