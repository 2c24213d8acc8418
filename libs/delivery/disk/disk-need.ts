import { z } from 'zod';
import type { ProfileName } from '../profile/profile';

/** The SPACESAVING levels of scriptForPI: a higher level removes more intermediate MeasurementSets (§5.3). */
export const SPACESAVING_LEVELS = [0, 1, 2, 3] as const;
export type SpaceSaving = (typeof SPACESAVING_LEVELS)[number];

export interface DiskNeedInput {
  /** Bytes of items 1 to 6. */
  productBytes: number;
  /** Bytes of the raw ASDMs to calibrate. */
  rawBytes: number;
  profile: ProfileName;
  /** True with a scriptForFluxCalibration; in later cycles also with an imaging preparation or polarisation script. */
  hasCombiningScript: boolean;
}

export const diskNeedSchema = z.strictObject({
  /** The data whose size scriptForPI measures: up to Cycle 5 the delivery with `raw/`, later `raw/` alone. */
  basis: z.enum(['products and raw data', 'raw data']),
  basisBytes: z.int().nonnegative(),
  levels: z.array(z.strictObject({ spaceSaving: z.literal(SPACESAVING_LEVELS), bytes: z.int().nonnegative() })),
});
export type DiskNeed = z.infer<typeof diskNeedSchema>;

/** Multiples of the basis, without and with a script that combines the execution blocks. */
const FACTORS: Readonly<Record<SpaceSaving, readonly [alone: number, combined: number]>> = {
  0: [11, 14],
  1: [7, 10],
  2: [3, 6],
  3: [3, 6],
};

/**
 * Returns the free disk space in bytes that scriptForPI requires at every SPACESAVING level: P x (11 + 3F),
 * P x (7 + 3F) and P x (3 + 3F), which with F = 1 are the "up to 14 times" and "up to 6 times" of §5.3.
 */
export function diskNeed({ productBytes, rawBytes, profile, hasCombiningScript }: DiskNeedInput): DiskNeed {
  const rawAlone = profile === 'cycle-6+';
  const basisBytes = rawAlone ? rawBytes : productBytes + rawBytes;
  return {
    basis: rawAlone ? 'raw data' : 'products and raw data',
    basisBytes,
    levels: SPACESAVING_LEVELS.map((spaceSaving) => ({
      spaceSaving,
      bytes: basisBytes * FACTORS[spaceSaving][hasCombiningScript ? 1 : 0],
    })),
  };
}
