import { z } from 'zod';

/** The SPACESAVING levels of scriptForPI: a higher level removes more intermediate MeasurementSets (§5.3). */
export const SPACESAVING_LEVELS = [0, 1, 2, 3] as const;
export type SpaceSaving = (typeof SPACESAVING_LEVELS)[number];

/** The data whose size scriptForPI measures: its versions to 2016 the delivery with `raw/`, later ones `raw/` alone. */
export const DISK_BASES = ['products and raw data', 'raw data'] as const;
export type DiskBasis = (typeof DISK_BASES)[number];

export interface DiskNeedInput {
  /** Bytes of items 1 to 6. */
  productBytes: number;
  /** Bytes of the raw ASDMs to calibrate. */
  rawBytes: number;
  basis: DiskBasis;
  /** True with a script that works on all execution blocks together, which needs three times the data in addition. */
  hasCombiningScript: boolean;
}

export const diskNeedSchema = z.strictObject({
  basis: z.enum(DISK_BASES),
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
export function diskNeed({ productBytes, rawBytes, basis, hasCombiningScript }: DiskNeedInput): DiskNeed {
  const basisBytes = basis === 'raw data' ? rawBytes : productBytes + rawBytes;
  return {
    basis,
    basisBytes,
    levels: SPACESAVING_LEVELS.map((spaceSaving) => ({
      spaceSaving,
      bytes: basisBytes * FACTORS[spaceSaving][hasCombiningScript ? 1 : 0],
    })),
  };
}
