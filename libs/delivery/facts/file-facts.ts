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

const text = z.string().nullable();

/**
 * What a README states. `reducer` is the form of Cycles 1-4 with its fields and the reducer's comments, `generic` that
 * of Cycle 5 and later, which states nothing about the data. A name of a person is never kept.
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
  /** The sentences of the comments that tell why it is delivered again; absent in reports of before it was read. */
  deliveredAgain: text.optional(),
});
export type ReadmeFacts = z.infer<typeof readmeFactsSchema>;

/** What a pipeline processing request (PPR) names. Uids stand as in the file: they are judged by the rules. */
export const pprFactsSchema = z.strictObject({
  projectCode: z.string().nullable(),
  memberOus: z.string().nullable(),
  schedulingBlock: z.string().nullable(),
  procedure: z.string().nullable(),
  executionBlocks: z.array(z.string()),
  /** Execution blocks by session: of the intents `SESSION_1`, `SESSION_2` ... */
  sessions: z.array(z.strictObject({ number: z.int().positive(), executionBlocks: z.array(z.string()) })),
});
export type PprFacts = z.infer<typeof pprFactsSchema>;

/** What the text file of an execution block's QA2 report states (§4.5). */
export interface Qa2TextFacts {
  /** The execution block it calls itself the report of, in file form; null when it does not say. */
  executionBlock: string | null;
  casaVersion: string | null;
  /** Beam and noise of its "Check of a target image and sensitivity". */
  check: ImageStatement | null;
}

/** What a later cycle's `qa2_report.html` states. */
export const qa2ReportFactsSchema = z.strictObject({
  status: z.string().nullable(),
  /** Executions done and expected; fractional, and the first can exceed the second. */
  executions: z.strictObject({ done: z.number(), expected: z.number() }).nullable(),
  images: z.array(z.strictObject({ name: z.string(), robust: z.number().nullable(), ...imageStatementSchema.shape })),
  /** MemberOUSs of the group's other scheduling blocks. */
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
});
export type CalibratorFlux = z.infer<typeof calibratorFluxSchema>;

/** What a calapply file applies: calls of `applycal`, the MeasurementSets and the calibration tables they name. */
export interface CalapplyFacts {
  calls: number;
  measurementSets: readonly string[];
  tables: readonly string[];
}

/** What casa_piperestorescript.py restores: data sets and the session of each. */
export interface RestoreScriptFacts {
  measurementSets: readonly string[];
  sessions: readonly string[];
}

/** What a gzipped tar inside a delivery (calibration tables, flag versions, weblog) holds. */
export interface ArchiveFacts {
  files: number;
  /** Bytes of the files, expanded. */
  bytes: number;
  /** Names of the CASA tables it holds, those within tables left out. */
  tables: readonly string[];
  /** True when it holds flag versions. */
  flagVersions: boolean;
  /** Path of the page a weblog is opened at, `pipeline-<time>/html/index.html` (§4.5). */
  weblogIndex: string | null;
}
