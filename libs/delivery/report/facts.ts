import { z } from 'zod';
import { diskNeedSchema } from '../disk/disk-need';
import { calibratorFluxSchema } from '../facts/flux-facts';
import { beamSchema, imageStatementSchema } from '../facts/measure';
import { pprFactsSchema } from '../facts/ppr-facts';
import { qa2ReportFactsSchema } from '../facts/qa-facts';
import { claimSchema, measuredImageSchema } from '../facts/qa2-claim';
import { readmeFactsSchema } from '../facts/readme-facts';
import { ROLES } from '../naming/role';

/** How many of each list a report holds, so that it stays small; the others of its own lists are counted in `omitted`. */
export const MOST_LISTED = 100;

const file = z.string().meta({ description: 'Path in the delivery' });
const countSchema = z.int().nonnegative();

/** One image, by its header. */
const imageSummarySchema = z.strictObject({
  file,
  role: z.enum(ROLES),
  object: z.string().nullable(),
  unit: z.string().nullable(),
  shape: z.array(countSchema),
  /** Degrees, in the frame named. */
  centre: z.strictObject({ longitude: z.number(), latitude: z.number(), frame: z.string() }).nullable(),
  frequencyHz: z
    .strictObject({ minimum: z.number(), maximum: z.number(), channels: countSchema, frame: z.string().nullable() })
    .nullable(),
  beam: beamSchema.nullable(),
});

/** What the files of a delivery state, as far as they were read; null or empty where they do not. */
export const deliveryFactsSchema = z.strictObject({
  readme: readmeFactsSchema.extend({ file }).nullable(),
  ppr: pprFactsSchema.extend({ file }).nullable(),
  /** Execution blocks used in the reduction. */
  executionBlocks: z.array(z.string()),
  /** "Check of a target image and sensitivity" of each execution block's QA2 report. */
  qa2Checks: z.array(z.strictObject({ executionBlock: z.string().nullable(), check: imageStatementSchema })),
  qa2Report: qa2ReportFactsSchema.extend({ file }).nullable(),
  calibratorFluxes: z.array(calibratorFluxSchema),
  archives: z.array(
    z.strictObject({ file, files: countSchema, bytes: countSchema, tables: countSchema, flagVersions: z.boolean() }),
  ),
  images: z.array(imageSummarySchema),
  measurements: z.array(measuredImageSchema).meta({ description: 'Images before primary beam correction' }),
  claims: z.array(claimSchema).meta({ description: 'What the README states (§4.1); empty when it states nothing' }),
  /** Free disk space that scriptForPI asks for (§5.3); null when the size of the raw data is not known. */
  disk: diskNeedSchema.nullable(),
  omitted: z.strictObject({
    executionBlocks: countSchema,
    qa2Checks: countSchema,
    calibratorFluxes: countSchema,
    archives: countSchema,
    images: countSchema,
    measurements: countSchema,
  }),
});
export type DeliveryFacts = z.infer<typeof deliveryFactsSchema>;
