export interface IngestSettings {
  /** Deliveries stored at the same time. */
  concurrency: number;
  /** Parts transferred at the same time, of all deliveries together. */
  parts: number;
  /** Bytes of memory for chunks, of all parts together. */
  bufferBytes: number;
  /** Largest size of a part that is packed from a tree, in bytes. */
  maxPartSize: number;
  /** Days that an unfinished upload of no waiting delivery is kept. */
  uploadKeepDays: number;
}

/** Limits on the resources of ingest, and how it packs trees. */
export class IngestConfig {
  constructor(readonly settings: IngestSettings) {}
}
