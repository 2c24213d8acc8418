import type { NoiseMeasurement, PrimaryBeamVerification } from '@almagest/fits';
import { z } from 'zod';
import { beamSchema, imageStatementSchema } from './file-facts';

const countSchema = z.int().nonnegative();

const noiseSchema = z.strictObject({
  stokes: z.string().nullable(),
  sigma: z.number().nonnegative().meta({ description: 'In the unit of the image' }),
  channels: countSchema.meta({ description: 'Inspected and measured' }),
  channelsUsed: countSchema,
  pixels: countSchema.meta({ description: 'Inspected pixels of a channel that have a value' }),
  independentBeams: z.number().nullable(),
});

/** A measured image, before primary beam correction (§4.1, docs/qa2-verification.md). */
export const measuredImageSchema = z.strictObject({
  file: z.string().meta({ description: 'The image: a corrected one, or one that was never corrected' }),
  primaryBeam: z
    .string()
    .nullable()
    .meta({ description: 'The primary beam that it was corrected with; null when it was not corrected' }),
  result: z
    .strictObject({
      unit: z.string().nullable(),
      beam: beamSchema.nullable(),
      noise: z.array(noiseSchema),
      agreement: z
        .strictObject({
          sameShape: z.boolean(),
          sameSky: z.boolean().nullable(),
          onlyInImage: countSchema.meta({
            description: 'Minimum number of pixels that have a value in the image but not in the primary beam',
          }),
          onlyInBeam: countSchema,
          beamMinimum: z.number().nullable(),
          beamMaximum: z.number().nullable(),
        })
        .nullable()
        .meta({ description: 'How image and primary beam agree' }),
    })
    .nullable(),
  problem: z.string().nullable().meta({ description: 'Why it could not be measured' }),
});
export type MeasuredImage = z.infer<typeof measuredImageSchema>;

/** The result of measuring an image, together with its primary beam if it was corrected with one. */
export interface Measurement {
  image: string;
  primaryBeam: string | null;
  noise: NoiseMeasurement | null;
  /** How image and primary beam agree; null without a primary beam. */
  agreement: PrimaryBeamVerification | null;
  /** Why it could not be measured. */
  problem: string | null;
}

/** What the README states about an image (§4.1), and the measured image that matches best. */
export const claimSchema = imageStatementSchema.extend({
  nearest: z
    .strictObject({ file: z.string(), beamAgrees: z.boolean().nullable(), noiseAgrees: z.boolean().nullable() })
    .nullable()
    .meta({ description: 'Null when no measured image can be compared' }),
});
export type Claim = z.infer<typeof claimSchema>;
