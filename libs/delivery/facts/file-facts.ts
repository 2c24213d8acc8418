import { z } from 'zod';

/** A synthesised beam: full widths at half maximum in arcseconds, position angle in degrees from north to east. */
export const beamSchema = z.strictObject({
  majorArcsec: z.number().positive(),
  minorArcsec: z.number().positive(),
  positionAngleDeg: z.number().nullable(),
});
export type Beam = z.infer<typeof beamSchema>;

/** Noise of an image, and the width in frequency or velocity that it was measured over, if stated. */
export const noiseSchema = z.strictObject({
  janskyPerBeam: z.number().positive(),
  width: z.strictObject({ value: z.number().positive(), unit: z.enum(['Hz', 'm/s']) }).nullable(),
});
export type Noise = z.infer<typeof noiseSchema>;

/** What a text says about one image: its beam, its noise, or both, and the label in front (`CO(2-1) line`). */
export const imageStatementSchema = z.strictObject({
  about: z.string().nullable(),
  beam: beamSchema.nullable(),
  noise: noiseSchema.nullable(),
});
export type ImageStatement = z.infer<typeof imageStatementSchema>;

const text = z.string().nullable();

/**
 * What a README states. `reducer` is the form of Cycles 1-4, with fields and the reducer's comments; `generic` is that
 * of Cycle 5 and later, which states nothing about the data. Names of persons are never kept.
 */
export const readmeFactsSchema = z.strictObject({
  form: z.enum(['empty', 'reducer', 'generic', 'free']),
  cycle: text,
  projectCode: text,
  projectTitle: text,
  schedulingBlocks: z.array(z.string()),
  configuration: text,
  proposedRmsJansky: z.number().positive().nullable(),
  proposedBeamArcsec: z.number().positive().nullable(),
  casaVersion: text,
  qa2Result: text,
  memberSchedulingBlocks: z.int().nonnegative().nullable(),
  /** Achieved beam and noise (§4.1), image by image, from the reducer's comments. */
  achieved: z.array(imageStatementSchema),
  /** The sentences of the comments that say why the data are delivered again; absent in old reports. */
  deliveredAgain: text.optional(),
  /** The fields of the form that were not filled in, with what they say; absent in old reports. */
  unfilled: z.array(z.string()).optional(),
});
export type ReadmeFacts = z.infer<typeof readmeFactsSchema>;

/** What a pipeline processing request (PPR) names. Uids are copied unchanged: the rules check them. */
export const pprFactsSchema = z.strictObject({
  projectCode: z.string().nullable(),
  memberOus: z.string().nullable(),
  schedulingBlock: z.string().nullable(),
  procedure: z.string().nullable(),
  executionBlocks: z.array(z.string()),
  /** Execution blocks by session, from the intents `SESSION_1`, `SESSION_2` ... */
  sessions: z.array(z.strictObject({ number: z.int().positive(), executionBlocks: z.array(z.string()) })),
  /** The ObsProject, the status of the scheduling block, and the path of its data; absent in old reports. */
  obsProject: z.string().nullable().optional(),
  schedulingBlockStatus: z.string().nullable().optional(),
  relativePath: z.string().nullable().optional(),
});
export type PprFacts = z.infer<typeof pprFactsSchema>;

/** What the text file of an execution block's QA2 report states (§4.5). */
export interface Qa2TextFacts {
  /** The execution block that its title names, in file form; null when there is none. */
  executionBlock: string | null;
  casaVersion: string | null;
  /** Beam and noise from its "Check of a target image and sensitivity". */
  check: ImageStatement | null;
}

/** What the `qa2_report.html` of later cycles states. */
export const qa2ReportFactsSchema = z.strictObject({
  status: z.string().nullable(),
  /** Executions done and expected. They may be fractional, and more may be done than expected. */
  executions: z.strictObject({ done: z.number(), expected: z.number() }).nullable(),
  images: z.array(z.strictObject({ name: z.string(), robust: z.number().nullable(), ...imageStatementSchema.shape })),
  /** MemberOUSs of the other scheduling blocks of the group. */
  otherMembers: z.array(z.string()),
});
export type Qa2ReportFacts = z.infer<typeof qa2ReportFactsSchema>;

/** One row of flux.csv: the flux of a field in a spectral window of a MeasurementSet. */
export const calibratorFluxSchema = z.strictObject({
  measurementSet: z.string(),
  field: z.string(),
  spw: z.string(),
  /** Stokes I in Jy. */
  jansky: z.number(),
  spectralIndex: z.number().nullable(),
  /** Name of the source and its intents, from the comment; absent in old reports. */
  source: z.string().nullable().optional(),
  intents: z.array(z.string()).optional(),
});
export type CalibratorFlux = z.infer<typeof calibratorFluxSchema>;

/** What a calapply file applies: calls of `applycal`, the MeasurementSets and the calibration tables they name. */
export interface CalapplyFacts {
  calls: number;
  measurementSets: readonly string[];
  tables: readonly string[];
}

/** The version that scriptForPI.py states: its revision, and the day of that revision as `YYYY-MM-DD`. */
export const piScriptFactsSchema = z.strictObject({ revision: text, date: text });
export type PiScriptFacts = z.infer<typeof piScriptFactsSchema>;

/** What is known of a script or log that is not read further. */
export interface TextFacts {
  /** True when the file has nothing but blanks. */
  isBlank: boolean;
}

/** What casa_piperestorescript.py restores: MeasurementSets and the session of each. */
export interface RestoreScriptFacts extends TextFacts {
  measurementSets: readonly string[];
  sessions: readonly string[];
}

/** What a gzipped tar inside a delivery contains (calibration tables, flag versions, weblog). */
export interface ArchiveFacts {
  files: number;
  /** Bytes of the files, expanded. */
  bytes: number;
  /** Names of the CASA tables, without those inside other tables. */
  tables: readonly string[];
  /** True when it contains flag versions. */
  flagVersions: boolean;
  /** Path of the start page of a weblog, `pipeline-<time>/html/index.html` (§4.5). */
  weblogIndex: string | null;
}
