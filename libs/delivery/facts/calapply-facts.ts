import { z } from 'zod';

/** What a calapply file applies: calls of `applycal`, the MeasurementSets and the calibration tables they name. */
export const calapplyFactsSchema = z.strictObject({
  calls: z.int().nonnegative(),
  measurementSets: z.array(z.string()),
  tables: z.array(z.string()),
});
export type CalapplyFacts = z.infer<typeof calapplyFactsSchema>;

/** What casa_piperestorescript.py restores: data sets and the session of each. */
export const restoreScriptFactsSchema = z.strictObject({
  measurementSets: z.array(z.string()),
  sessions: z.array(z.string()),
});
export type RestoreScriptFacts = z.infer<typeof restoreScriptFactsSchema>;
