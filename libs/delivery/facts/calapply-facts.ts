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
