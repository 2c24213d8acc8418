/** How much of the machine ingest takes, and how it packs. */
export class IngestConfig {
  constructor(
    readonly databaseUrl: string,
    /** Deliveries taken in at the same time. */
    readonly concurrency: number,
    /** Bytes of a part packed from a tree. */
    readonly maxPartSize: number,
  ) {}
}
