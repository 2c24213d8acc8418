/** What the request handler gives out, and how much of it. */
export interface RequestHandlerSettings {
  /** Where links in download scripts begin. */
  publicUrl: string;
  /** ASDMs staged at the same time. */
  concurrency: number;
  /** Bytes that one requester may have staged or on the way. */
  quotaBytes: number;
  /** Bytes that may be staged or on the way altogether. */
  roomBytes: number;
  /** Days that raw data are kept after they were staged. */
  keepDays: number;
  /** Directory of the staging area; empty where it is an S3 bucket. */
  directory: string;
  /** Bytes that stay free on its disk. */
  minFreeBytes: number;
}

export class RequestHandlerConfig {
  constructor(readonly settings: RequestHandlerSettings) {}
}
