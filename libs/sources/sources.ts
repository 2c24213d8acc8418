import { withMaximumInterval } from '@almagest/retry';
import { packPart, type PlannedPart } from '@almagest/tar';
import { FileSource } from './file.source';
import { HttpsSource } from './https.source';
import { NgasSource } from './ngas/ngas.source';
import { DEFAULT_REOPEN_POLICY } from './read-on';
import { S3Source, type S3SourceOptions } from './s3.source';
import type { Source } from './source';
import { StreamReader } from './stream-reader';

/** Where this archive may read from. */
export interface SourcePolicy {
  roots: readonly string[];
  hosts: readonly string[];
  s3: S3SourceOptions | null;
  /** NGAS servers, `host:port`. */
  ngas: readonly string[];
  /** Longest wait before a place that broke off is opened again, in ms. */
  maximumRetryInterval?: number;
}

/** Opens locations of QA2 results: parts, and raw ASDMs in the bulk store; inside what the configuration allows and nowhere else. */
export class Sources {
  constructor(readonly policy: SourcePolicy) {}

  /** The source of `size` bytes behind a location; what is not allowed is found out when it is opened. */
  at(location: string, size: number): Source {
    const { roots, hosts, s3, ngas, maximumRetryInterval = Infinity } = this.policy;
    const reopen = withMaximumInterval(DEFAULT_REOPEN_POLICY, maximumRetryInterval);
    if (location.startsWith('file:')) return new FileSource(location, roots);
    if (location.startsWith('ngas:')) return new NgasSource(location, size, { servers: ngas, reopen });
    return location.startsWith('s3:')
      ? new S3Source(location, s3, reopen)
      : new HttpsSource(location, size, { hosts, reopen });
  }

  /** A part of an unpacked tree, packed while it is read. */
  packed(part: PlannedPart): Source {
    return { open: async () => new StreamReader(packPart(part)) };
  }
}
