import { z } from 'zod';
import { diskNeedSchema } from '../disk/disk-need';
import {
  beamSchema,
  calibratorFluxSchema,
  imageStatementSchema,
  piScriptFactsSchema,
  pprFactsSchema,
  qa2ReportFactsSchema,
  readmeFactsSchema,
} from '../facts/file-facts';
import { claimSchema, measuredImageSchema } from '../facts/qa2-claim';
import { CALIBRATION_MODES } from '../inventory/inventory';
import { ROLES } from '../naming/role';
import { PROFILE_NAMES, SEVERITIES } from '../profile/profile';

/** The maximum length of each list in a report, which keeps it small; `omitted` counts the rest of its own lists. */
export const MAX_LISTED = 100;

const file = z.string().meta({ description: 'Path in the delivery' });
const countSchema = z.int().nonnegative();

/** One image, as described by its header. */
const imageSummarySchema = z.strictObject({
  file,
  role: z.enum(ROLES),
  object: z.string().nullable(),
  unit: z.string().nullable(),
  /** DATE-OBS: when the observation began, in UTC; absent in old reports. */
  observed: z.string().nullable().optional(),
  shape: z.array(countSchema),
  /** In degrees, in the given frame. */
  centre: z.strictObject({ longitude: z.number(), latitude: z.number(), frame: z.string() }).nullable(),
  frequencyHz: z
    .strictObject({ minimum: z.number(), maximum: z.number(), channels: countSchema, frame: z.string().nullable() })
    .nullable(),
  beam: beamSchema.nullable(),
});

/** What the files of a delivery state, as far as they were read; null or empty where they state nothing. */
export const deliveryFactsSchema = z.strictObject({
  readme: readmeFactsSchema.extend({ file }).nullable(),
  ppr: pprFactsSchema.extend({ file }).nullable(),
  /** The version of scriptForPI that the script states; absent in old reports. */
  scriptForPi: piScriptFactsSchema.extend({ file }).nullable().optional(),
  /** The date in the names of the parts of Cycle 0, `YYYY-MM-DD`; absent in old reports. */
  packagedOn: z.string().nullable().optional(),
  /** Execution blocks used in the reduction. */
  executionBlocks: z.array(z.string()),
  /** The "Check of a target image and sensitivity" in the QA2 report of each execution block. */
  qa2Checks: z.array(z.strictObject({ executionBlock: z.string().nullable(), check: imageStatementSchema })),
  qa2Report: qa2ReportFactsSchema.extend({ file }).nullable(),
  calibratorFluxes: z.array(calibratorFluxSchema),
  archives: z.array(
    z.strictObject({ file, files: countSchema, bytes: countSchema, tables: countSchema, flagVersions: z.boolean() }),
  ),
  images: z.array(imageSummarySchema),
  measurements: z.array(measuredImageSchema).meta({ description: 'Images before primary beam correction' }),
  claims: z.array(claimSchema).meta({ description: 'What the README states (§4.1); empty when it states nothing' }),
  /** Free disk space that scriptForPI requires (§5.3); null when the size of the raw data is unknown. */
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

/** The maximum number of findings of one rule in a report; `omitted` counts the rest. */
export const FINDINGS_PER_RULE = 50;
/** The maximum number of findings in all: an event with a report must fit into a Kafka message of 1 MB. */
export const MAX_FINDINGS = 250;

export const findingSchema = z.strictObject({
  code: z.string().meta({ description: 'The rule, such as `script.pi`' }),
  severity: z.enum(SEVERITIES),
  section: z.string().meta({ description: 'Section of the document, such as `§4.2`' }),
  file: z.string().nullable().meta({ description: 'Path in the delivery or name of a part; null: the whole delivery' }),
  message: z.string(),
  expected: z.string().nullable(),
  found: z.string().nullable(),
  remedy: z.string(),
});

/** The result of checking a delivery against the delivery standard; version 1. */
export const deliveryReportSchema = z
  .strictObject({
    version: z.literal(1),
    verdict: z.enum(['pass', 'rejected']).meta({ description: '`rejected` when any finding is a `reject`' }),
    level: z.enum(['member', 'group']),
    mode: z.enum(CALIBRATION_MODES),
    profile: z.strictObject({
      name: z.enum(PROFILE_NAMES),
      chosen: z.enum(['by files', 'by request']),
      reasons: z.array(z.string()),
    }),
    counts: z.strictObject({ reject: countSchema, warn: countSchema, note: countSchema }),
    findings: z.array(findingSchema),
    omitted: z.array(z.strictObject({ code: z.string(), count: countSchema })).meta({
      description: `Findings beyond ${FINDINGS_PER_RULE} of one rule or ${MAX_FINDINGS} in all: counted, not listed`,
    }),
    unchecked: z
      .array(z.string())
      .meta({ description: 'Rules that were not checked because parts are missing or cannot be read' }),
    items: z
      .array(z.strictObject({ item: z.int().min(1).max(7), title: z.string(), files: countSchema, bytes: countSchema }))
      .meta({ description: 'The seven items of §3' }),
    files: countSchema,
    bytes: countSchema,
    facts: deliveryFactsSchema,
  })
  .meta({ title: 'Delivery report, version 1' });

export type Finding = z.infer<typeof findingSchema>;
export type DeliveryReport = z.infer<typeof deliveryReportSchema>;
