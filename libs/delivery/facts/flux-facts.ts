import { z } from 'zod';

/** One row of flux.csv: the flux of a field in a spectral window of a MeasurementSet. */
export const calibratorFluxSchema = z.strictObject({
  measurementSet: z.string(),
  field: z.string(),
  spw: z.string(),
  /** Stokes I in Jy. */
  jansky: z.number(),
  spectralIndex: z.number().nullable(),
});
export type CalibratorFlux = z.infer<typeof calibratorFluxSchema>;
