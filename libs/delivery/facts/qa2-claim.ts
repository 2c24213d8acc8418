import type { NoiseMeasurement, PrimaryBeamVerification } from '@almagest/fits';
import { z } from 'zod';
import { beamSchema, imageStatementSchema } from './file-facts';

const countSchema = z.int().nonnegative();

const noiseSchema = z.strictObject({
  stokes: z.string().nullable(),
  sigma: z.number().nonnegative().meta({ description: 'In the unit of the image' }),
  channels: countSchema.meta({ description: 'Looked at and measured' }),
  channelsUsed: countSchema,
  pixels: countSchema.meta({ description: 'Of a channel, looked at and defined' }),
  independentBeams: z.number().nullable(),
});

/** An image as it was measured: before primary beam correction (§4.1, docs/qa2-verification.md). */
export const measuredImageSchema = z.strictObject({
  file: z.string().meta({ description: 'The image: a corrected one, or one that never was corrected' }),
  primaryBeam: z.string().nullable().meta({ description: 'What it was corrected by; null when it was not' }),
  result: z
    .strictObject({
      unit: z.string().nullable(),
      beam: beamSchema.nullable(),
      noise: z.array(noiseSchema),
      agreement: z
        .strictObject({
          sameShape: z.boolean(),
          sameSky: z.boolean().nullable(),
          onlyInImage: countSchema.meta({ description: 'Pixels that the primary beam does not define, at least' }),
          onlyInBeam: countSchema,
          beamMinimum: z.number().nullable(),
          beamMaximum: z.number().nullable(),
        })
        .nullable()
        .meta({ description: 'How image and primary beam fit together' }),
    })
    .nullable(),
  problem: z.string().nullable().meta({ description: 'Why it could not be measured' }),
});
export type MeasuredImage = z.infer<typeof measuredImageSchema>;

/** What came of measuring an image, together with its primary beam where it was corrected by one. */
export interface Measurement {
  image: string;
  primaryBeam: string | null;
  noise: NoiseMeasurement | null;
  /** How image and beam fit together; null without a beam. */
  agreement: PrimaryBeamVerification | null;
  /** Why it could not be measured. */
  problem: string | null;
}

/** What the README states of an image (§4.1), and the measured image it fits best. */
export const claimSchema = imageStatementSchema.extend({
  nearest: z
    .strictObject({ file: z.string(), beamAgrees: z.boolean().nullable(), noiseAgrees: z.boolean().nullable() })
    .nullable()
    .meta({ description: 'Null where no measured image can be compared' }),
});
export type Claim = z.infer<typeof claimSchema>;
