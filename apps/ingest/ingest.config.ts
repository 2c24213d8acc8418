export interface IngestSettings {
  /** Deliveries taken in at the same time. */
  concurrency: number;
  /** Parts read at the same time, of all deliveries together. */
  parts: number;
  /** Bytes of the chunks in memory, of all parts together. */
  bufferBytes: number;
  /** Bytes of a part packed from a tree. */
  maxPartSize: number;
  /** Unfinished uploads that nobody waits for are kept this long, in days. */
  uploadKeepDays: number;
}

/** How much of the machine ingest takes, and how it packs. */
export class IngestConfig {
  constructor(readonly settings: IngestSettings) {}
}
