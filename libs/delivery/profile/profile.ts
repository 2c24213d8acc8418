/** `reject` rejects the delivery; `warn` needs a look; `note` is for information only. In order, the gravest first. */
export type Severity = 'reject' | 'warn' | 'note';
export const SEVERITIES: readonly Severity[] = ['reject', 'warn', 'note'];

/** The eras of ALMA's packaging: that of the document, and the two later ones of real deliveries. */
export const PROFILE_NAMES = ['cycle-2', 'cycle-3-5', 'cycle-6+'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** How an era differs from the document (docs/standard/real-deliveries.md §2-7). */
export interface Profile {
  name: ProfileName;
  title: string;
  /** Rules that are less severe in this era, because its real deliveries break them. */
  relaxed: Readonly<Record<string, Severity>>;
}

/** The profile that a delivery is checked by, and why it was chosen. */
export interface ChosenProfile {
  name: ProfileName;
  chosen: 'by files' | 'by request';
  reasons: readonly string[];
}

const PIPELINE_IMAGING: Readonly<Record<string, Severity>> = {
  'script.imaging': 'note',
  'calibration.flag-template': 'warn',
  'qa.text': 'warn',
  // Cubes that are too large to create or store are not delivered.
  'product.line-cube': 'note',
  'product.calibrator-windows': 'note',
};

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  'cycle-2': { name: 'cycle-2', title: 'Cycle 2: the document unchanged', relaxed: {} },
  'cycle-3-5': { name: 'cycle-3-5', title: 'Cycles 3-5: images made by the Pipeline', relaxed: PIPELINE_IMAGING },
  'cycle-6+': {
    name: 'cycle-6+',
    title: 'Cycle 6 and later: names with `member.`, auxiliary products',
    relaxed: { ...PIPELINE_IMAGING, 'calibration.calapply': 'warn', 'product.calibrators': 'warn' },
  },
};
