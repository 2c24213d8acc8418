import { z } from 'zod';

/** What a gzipped tar inside a delivery (calibration tables, flag versions, weblog) holds. */
export const archiveFactsSchema = z.strictObject({
  files: z.int().nonnegative(),
  /** Bytes of the files, expanded. */
  bytes: z.int().nonnegative(),
  /** Names of the CASA tables it holds, those within tables left out. */
  tables: z.array(z.string()),
  /** True when it holds flag versions. */
  flagVersions: z.boolean(),
  /** Path of the page a weblog is opened at, `pipeline-<time>/html/index.html` (§4.5). */
  weblogIndex: z.string().nullable(),
});
export type ArchiveFacts = z.infer<typeof archiveFactsSchema>;
