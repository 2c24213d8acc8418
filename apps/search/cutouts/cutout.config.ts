import { numberVariable } from '@almagest/platform';

export const cutoutVariables = {
  SODA_MAX_BYTES: numberVariable(2 * 1024 ** 3, 1).meta({
    description: 'Bytes of a cutout at most; `/soda/capabilities` states it',
  }),
};

/** The limit of cutouts. */
export class CutoutConfig {
  constructor(
    readonly maxBytes: number,
    /** Where users reach the archive, without a slash at the end. */
    readonly publicUrl: string,
  ) {}
}
