import { z } from 'zod';
import { CALIBRATION_MODES } from '../inventory/inventory';
import { PROFILE_NAMES } from '../profile/profile';
import { deliveryFactsSchema } from './facts';

/** How many findings of one rule a report holds; more are counted in `omitted`. */
export const FINDINGS_PER_RULE = 50;
/** How many it holds in all, the gravest: an event with a report has to fit into a message of Kafka, a megabyte. */
export const MOST_FINDINGS = 250;

export const findingSchema = z.strictObject({
  code: z.string().meta({ description: 'The rule, such as `script.pi`' }),
  severity: z.enum(['reject', 'warn', 'note']),
  section: z.string().meta({ description: 'Section of the document, such as `§4.2`' }),
  file: z.string().nullable().meta({ description: 'Path in the delivery or name of a part; null: the delivery' }),
  message: z.string(),
  expected: z.string().nullable(),
  found: z.string().nullable(),
  remedy: z.string(),
});

const countSchema = z.int().nonnegative();

/** What the delivery standard says of a delivery; version 1. */
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
      description: `Findings beyond ${FINDINGS_PER_RULE} of one rule or ${MOST_FINDINGS} in all: counted, not listed`,
    }),
    unchecked: z
      .array(z.string())
      .meta({ description: 'Rules that were not checked, because parts are missing or cannot be read' }),
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
