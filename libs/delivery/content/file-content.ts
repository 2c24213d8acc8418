import type { FitsInspection } from '@almagest/fits';
import type {
  ArchiveFacts,
  CalapplyFacts,
  CalibratorFlux,
  PiScriptFacts,
  PprFacts,
  Qa2ReportFacts,
  Qa2TextFacts,
  ReadmeFacts,
  RestoreScriptFacts,
  TextFacts,
} from '../facts/file-facts';
import type { ReadingProblem } from '../readers/reading';

/** An entry of an inner archive that would be unpacked outside the directory of the archive. */
export interface UnsafeEntry {
  path: string;
  why: string;
  /** Set where unpacking with common settings does no harm. */
  severity?: 'warn';
}

/** The facts that are read from each kind of file. */
export interface FactsOfKind {
  readme: ReadmeFacts;
  ppr: PprFacts;
  'qa2-text': Qa2TextFacts;
  'qa2-report': Qa2ReportFacts;
  fluxes: readonly CalibratorFlux[];
  calapply: CalapplyFacts;
  'restore-script': RestoreScriptFacts;
  'pi-script': TextFacts & { version: PiScriptFacts };
  /** A script or log of which only this is known: whether it says anything. */
  text: TextFacts;
  fits: FitsInspection;
  archive: { facts: ArchiveFacts; unsafe: readonly UnsafeEntry[] };
}
export type ContentKind = keyof FactsOfKind;

/** The outcome of inspecting a file. */
export type FileContent =
  | { [K in ContentKind]: { state: 'read'; kind: K; facts: FactsOfKind[K] } }[ContentKind]
  /** The file breaks its format. */
  | { state: 'unreadable'; kind: ContentKind; problem: ReadingProblem }
  /** The file exceeds the limits of inspection; that does not make it wrong. */
  | { state: 'beyond-limits'; problem: ReadingProblem };
