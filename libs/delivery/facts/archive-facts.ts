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
