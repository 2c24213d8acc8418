/** `reject` refuses the delivery; `warn` is to be looked at; `note` is only told. */
export type Severity = 'reject' | 'warn' | 'note';
export const SEVERITIES: readonly Severity[] = ['reject', 'warn', 'note'];

/** The eras of ALMA's packaging: the document's own, and the two that real deliveries moved on to. */
export const PROFILE_NAMES = ['cycle-2', 'cycle-3-5', 'cycle-6+'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** What an era does differently from the document, as data (alma-facts §2-7). */
export interface Profile {
  name: ProfileName;
  title: string;
  /** Rules that weigh less in this era than the document gives them, because its real deliveries break them. */
  relaxed: Readonly<Record<string, Severity>>;
}

/** The profile a delivery is checked by, and why it was this one. */
export interface ChosenProfile {
  name: ProfileName;
  chosen: 'by files' | 'by request';
  reasons: readonly string[];
}

const PIPELINE_IMAGING: Readonly<Record<string, Severity>> = {
  'script.imaging': 'note',
  'calibration.flag-template': 'warn',
  'qa.text': 'warn',
  // Cubes too large to be made or kept are left out.
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
