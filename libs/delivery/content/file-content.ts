import type { FitsInspection } from '@almagest/fits';
import type {
  ArchiveFacts,
  CalapplyFacts,
  CalibratorFlux,
  PprFacts,
  Qa2ReportFacts,
  Qa2TextFacts,
  ReadmeFacts,
  RestoreScriptFacts,
} from '../facts/file-facts';
import type { ReadingProblem } from '../readers/reading';

/** An entry of an inner archive that would not land where the archive is unpacked. */
export interface UnsafeEntry {
  path: string;
  why: string;
}

/** What was read of each kind of file. */
export interface FactsOfKind {
  readme: ReadmeFacts;
  ppr: PprFacts;
  'qa2-text': Qa2TextFacts;
  'qa2-report': Qa2ReportFacts;
  fluxes: readonly CalibratorFlux[];
  calapply: CalapplyFacts;
  'restore-script': RestoreScriptFacts;
  fits: FitsInspection;
  archive: { facts: ArchiveFacts; unsafe: readonly UnsafeEntry[] };
}
export type ContentKind = keyof FactsOfKind;

/** What came of looking into a file. */
export type FileContent =
  | { [K in ContentKind]: { state: 'read'; kind: K; facts: FactsOfKind[K] } }[ContentKind]
  /** The file breaks its format. */
  | { state: 'unreadable'; kind: ContentKind; problem: ReadingProblem }
  /** The file is more than is looked into; that says nothing against it. */
  | { state: 'beyond-limits'; problem: ReadingProblem };
