import type { DiskBasis } from '../disk/disk-need';
import type { PiScriptFacts } from '../facts/file-facts';
import type { Role } from '../naming/role';
import type { ProfileName } from '../profile/profile';

/** What differs between the versions of scriptForPI (docs/standard/real-deliveries.md §7). */
export interface PiBehaviour {
  /** The data whose size it multiplies to get the disk space that it requires (§5.3). */
  diskBasis: DiskBasis;
  /** Roles of the scripts that combine execution blocks, for which it requires more disk space. */
  combiningScripts: readonly Role[];
  /** True when it warns of extra ASDMs and skips missing ones; false when any difference stops it. */
  skipsMissingAsdms: boolean;
  /** True when SPACESAVING -1 skips its check of the disk space. */
  mayIgnoreDisk: boolean;
  /** True when the pipescript of an imaging recipe next to that of the calibration stops it. */
  countsImagingRecipes: boolean;
}

/** The day from which a version behaves differently, where only the year is certain the first day of that year. */
const SKIPS_MISSING_ASDMS = '2015-01-01';
/** Revision 1.15. */
const COUNTS_IMAGING_PREPARATION = '2015-10-10';
const MEASURES_RAW_ALONE = '2017-01-01';
/** After revision 1.25 and before 1.34. */
const KNOWS_RECIPES = '2018-06-01';

/** A version that deliveries of the era have, for a script that does not state its own. */
const TYPICAL_DATE: Readonly<Record<ProfileName, string>> = {
  'cycle-2': '2014-08-15',
  'cycle-3-5': '2015-10-10',
  'cycle-6+': '2022-08-26',
};

/** Returns how the scriptForPI of a delivery behaves: by the version that it states, else by the era. */
export function piBehaviourOf(script: Pick<PiScriptFacts, 'date'> | null, profile: ProfileName): PiBehaviour {
  const date = script?.date ?? TYPICAL_DATE[profile];
  return {
    diskBasis: date >= MEASURES_RAW_ALONE ? 'raw data' : 'products and raw data',
    combiningScripts:
      date >= COUNTS_IMAGING_PREPARATION
        ? ['scriptForFluxCalibration', 'scriptForImagingPrep', 'scriptForPolarization']
        : ['scriptForFluxCalibration'],
    skipsMissingAsdms: date >= SKIPS_MISSING_ASDMS,
    mayIgnoreDisk: date >= MEASURES_RAW_ALONE,
    countsImagingRecipes: date >= MEASURES_RAW_ALONE && date < KNOWS_RECIPES,
  };
}
