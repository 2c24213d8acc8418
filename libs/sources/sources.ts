import { listVariable, maximumRetryInterval, type RetryConfig } from '@almagest/platform';
import { withMaximumInterval } from '@almagest/retry';
import { packPart, type PlannedPart } from '@almagest/tar';
import { z } from 'zod';
import { FileSource } from './file.source';
import { HttpsSource } from './https.source';
import { NgasSource } from './ngas/ngas.source';
import { DEFAULT_REOPEN_POLICY } from './resumable-read';
import { S3Source, type S3SourceOptions } from './s3.source';
import { type Source, StreamReader } from './source';

/** The configuration of the locations that the archive may read from. */
export const sourceVariables = {
  SOURCE_ROOTS: listVariable.meta({ description: 'Directories that file:// locations may be in' }),
  SOURCE_HOSTS: listVariable.meta({ description: 'Servers that https:// locations may name, `host` or `host:port`' }),
  SOURCE_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'URL of the S3 server of s3:// locations' }),
  SOURCE_S3_ACCESS_KEY: z.string().default('').meta({ description: 'Access key of that server', secret: true }),
  SOURCE_S3_SECRET_KEY: z.string().default('').meta({ description: 'Secret key of that server', secret: true }),
  SOURCE_S3_REGION: z.string().default('us-east-1').meta({ description: 'Region of that server' }),
  SOURCE_S3_BUCKETS: listVariable.meta({ description: 'Buckets that s3:// locations may name' }),
  SOURCE_NGAS_SERVERS: listVariable.meta({ description: 'NGAS servers that ngas:// locations may name, `host:port`' }),
};
export type SourceConfig = Readonly<z.infer<z.ZodObject<typeof sourceVariables>>>;

/** Where this archive may read from. */
export interface SourcePolicy {
  roots: readonly string[];
  hosts: readonly string[];
  s3: S3SourceOptions | null;
  /** NGAS servers, `host:port`. */
  ngas: readonly string[];
  /** Longest wait before a location is opened again after a failure, in ms. */
  maximumRetryInterval?: number;
}

/** Returns the policy that a service's configuration describes. */
export function sourcePolicy(config: SourceConfig & RetryConfig): SourcePolicy {
  const { SOURCE_S3_ENDPOINT: endpoint } = config;
  return {
    roots: config.SOURCE_ROOTS,
    hosts: config.SOURCE_HOSTS,
    ngas: config.SOURCE_NGAS_SERVERS,
    maximumRetryInterval: maximumRetryInterval(config),
    s3:
      endpoint === undefined
        ? null
        : {
            endpoint,
            accessKey: config.SOURCE_S3_ACCESS_KEY,
            secretKey: config.SOURCE_S3_SECRET_KEY,
            region: config.SOURCE_S3_REGION,
            buckets: config.SOURCE_S3_BUCKETS,
          },
  };
}

/** Opens the locations of QA2 results (parts, and raw ASDMs in the bulk store) that the configuration allows. */
export class Sources {
  constructor(readonly policy: SourcePolicy) {}

  /** Returns the source of `size` bytes at a location. Opening it fails when the location is not allowed. */
  at(location: string, size: number): Source {
    const { roots, hosts, s3, ngas, maximumRetryInterval = Infinity } = this.policy;
    const reopen = withMaximumInterval(DEFAULT_REOPEN_POLICY, maximumRetryInterval);
    if (location.startsWith('file:')) return new FileSource(location, roots);
    if (location.startsWith('ngas:')) return new NgasSource(location, size, { servers: ngas, reopen });
    return location.startsWith('s3:')
      ? new S3Source(location, s3, reopen)
      : new HttpsSource(location, size, { hosts, reopen });
  }

  /** Returns a part of an unpacked tree, which is packed while it is read. */
  packed(part: PlannedPart): Source {
    return { open: async () => new StreamReader(packPart(part)) };
  }
}
