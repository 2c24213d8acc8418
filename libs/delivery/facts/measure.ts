import { z } from 'zod';

/** A synthesised beam: full widths at half maximum in arcseconds, position angle in degrees from north to east. */
export const beamSchema = z.strictObject({
  majorArcsec: z.number().positive(),
  minorArcsec: z.number().positive(),
  positionAngleDeg: z.number().nullable(),
});
export type Beam = z.infer<typeof beamSchema>;

/** Noise of an image, and the width in frequency or velocity it was measured over where that is stated. */
export const noiseSchema = z.strictObject({
  janskyPerBeam: z.number().positive(),
  width: z.strictObject({ value: z.number().positive(), unit: z.enum(['Hz', 'm/s']) }).nullable(),
});
export type Noise = z.infer<typeof noiseSchema>;

/** What a text says about one image: its beam, its noise, or both, and the words in front (`CO(2-1) line`). */
export const imageStatementSchema = z.strictObject({
  about: z.string().nullable(),
  beam: beamSchema.nullable(),
  noise: noiseSchema.nullable(),
});
export type ImageStatement = z.infer<typeof imageStatementSchema>;
