/** Limits on what the request handler stages and serves. */
export interface RequestHandlerSettings {
  /** The beginning of links in download scripts. */
  publicUrl: string;
  /** ASDMs staged at the same time. */
  concurrency: number;
  /** Bytes that one requester may have staged or being staged. */
  quotaBytes: number;
  /** Bytes that may be staged or being staged in total. */
  roomBytes: number;
  /** Days that raw data stay staged. */
  keepDays: number;
  /** Directory of the staging area; empty for an S3 bucket. */
  directory: string;
  /** Bytes that must stay free on its disk. */
  minFreeBytes: number;
}

export class RequestHandlerConfig {
  constructor(readonly settings: RequestHandlerSettings) {}
}
