import { deliveryReportSchema, ROLES } from '@almagest/delivery';
import { z } from 'zod';

const countSchema = z.int().nonnegative();
const beamSchema = z.strictObject({
  majorArcsec: z.number().positive(),
  minorArcsec: z.number().positive(),
  positionAngleDeg: z.number().nullable(),
});
const noiseSchema = z.strictObject({
  stokes: z.string().nullable(),
  sigma: z.number().nonnegative().meta({ description: 'In the unit of the image' }),
  channels: countSchema,
  channelsUsed: countSchema,
  pixels: countSchema,
  independentBeams: z.number().nullable(),
});

const measuredImageSchema = z.strictObject({
  file: z.string().meta({ description: 'The corrected image' }),
  primaryBeam: z.string(),
  result: z
    .strictObject({
      unit: z.string().nullable(),
      beam: beamSchema.nullable(),
      noise: z.array(noiseSchema).meta({ description: 'Of the image before primary beam correction (§4.1)' }),
      sameShape: z.boolean(),
      sameSky: z.boolean().nullable(),
      onlyInImage: countSchema.meta({ description: 'Pixels that the primary beam does not define' }),
      onlyInBeam: countSchema,
      beamMinimum: z.number().nullable(),
      beamMaximum: z.number().nullable(),
    })
    .nullable(),
  problem: z.string().nullable().meta({ description: 'Why it could not be measured' }),
});
export type MeasuredImage = z.infer<typeof measuredImageSchema>;

const claimSchema = z.strictObject({
  about: z.string().nullable(),
  beam: beamSchema.nullable(),
  noise: z
    .strictObject({
      janskyPerBeam: z.number().positive(),
      width: z.strictObject({ value: z.number().positive(), unit: z.enum(['Hz', 'm/s']) }).nullable(),
    })
    .nullable(),
  nearest: z
    .strictObject({ file: z.string(), beamAgrees: z.boolean().nullable(), noiseAgrees: z.boolean().nullable() })
    .nullable()
    .meta({ description: 'The measured image it fits best; null where none can be compared' }),
});
export type Claim = z.infer<typeof claimSchema>;

const imageNameSchema = z.strictObject({
  family: z.enum(['document', 'pipeline', 'pipeline-member', 'manual', 'total-power']),
  source: z.string().nullable(),
  intent: z.enum(['science', 'bandpass', 'phase', 'check', 'flux', 'polarization']),
  spws: z.array(countSchema),
  mode: z.enum(['cube', 'continuum', 'moment', 'representative-bandwidth']).nullable(),
  stokes: z.string().nullable(),
  taylorTerm: countSchema.nullable(),
  version: countSchema,
});

const inventoryFileSchema = z.strictObject({
  part: countSchema.nullable().meta({ description: 'Index into `parts`; null in a tree' }),
  path: z.string(),
  size: countSchema,
  item: z.int().min(1).max(7).nullable(),
  role: z.enum(ROLES),
  executionBlock: z.string().nullable(),
  session: countSchema.nullable(),
  page: countSchema.nullable(),
  image: imageNameSchema.nullable(),
});

/** What `almagest validate --json` prints: the delivery's report, and what it rests on. */
export const validationDocumentSchema = deliveryReportSchema
  .extend({
    accepted: z.boolean().meta({ description: 'The verdict is `pass` and, when strict, there is no warning' }),
    strict: z.boolean(),
    only: z.array(z.string()).nullable().meta({ description: 'The only rules that were checked; null: all of them' }),
    parts: z.array(
      z.strictObject({
        name: z.string(),
        size: countSchema,
        sha256: z
          .string()
          .nullable()
          .meta({ description: 'Hexadecimal; null when the part cannot be read to its end' }),
      }),
    ),
    measurements: z.array(measuredImageSchema),
    claims: z.array(claimSchema).meta({ description: 'What the README states (§4.1)' }),
    inventory: z.array(inventoryFileSchema),
  })
  .meta({ title: 'Validation of a delivery, version 1' });
export type ValidationDocument = z.infer<typeof validationDocumentSchema>;
