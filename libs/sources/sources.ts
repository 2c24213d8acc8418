import { locationFault } from '@almagest/contracts';
import { listVariable, maximumRetryInterval, type RetryConfig } from '@almagest/platform';
import { withMaximumInterval } from '@almagest/retry';
import { packPart, type PlannedPart } from '@almagest/tar';
import { z } from 'zod';
import { type AllowedSources, refusalOf } from './allowed-sources';
import { FileSource, pathInside } from './file.source';
import { HttpsSource } from './https.source';
import { NgasSource } from './ngas/ngas.source';
import { DEFAULT_REOPEN_POLICY, type ReopenPolicy } from './resumable-read';
import { S3Source, type S3SourceOptions } from './s3.source';
import { SilentServers } from './silent-servers';
import { type Source, StreamReader } from './source';
import { RETRY_LATE, SourceError } from './source.error';

/** The places that locations may name. */
export const allowedSourceVariables = {
  SOURCE_ROOTS: listVariable.meta({ description: 'Directories that file:// locations may be in' }),
  SOURCE_HOSTS: listVariable.meta({ description: 'Servers that https:// locations may name, `host` or `host:port`' }),
  SOURCE_S3_BUCKETS: listVariable.meta({ description: 'Buckets that s3:// locations may name' }),
  SOURCE_NGAS_SERVERS: listVariable.meta({ description: 'NGAS servers that ngas:// locations may name, `host:port`' }),
};
export type AllowedSourceConfig = Readonly<z.infer<z.ZodObject<typeof allowedSourceVariables>>>;

/** Returns the places that a configuration lists. */
export function allowedSources(config: AllowedSourceConfig): AllowedSources {
  return {
    roots: config.SOURCE_ROOTS,
    hosts: config.SOURCE_HOSTS,
    buckets: config.SOURCE_S3_BUCKETS,
    ngas: config.SOURCE_NGAS_SERVERS,
  };
}

/** The configuration of the locations that the archive reads from. */
export const sourceVariables = {
  ...allowedSourceVariables,
  SOURCE_SILENCE_SECONDS: z.coerce.number().min(0.1).default(10).meta({
    description:
      'Seconds without 256 KiB from a server after which a transfer gives its slot back and is retried later; six times as long after the first GiB',
  }),
  SOURCE_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'URL of the S3 server of s3:// locations' }),
  SOURCE_S3_ACCESS_KEY: z.string().default('').meta({ description: 'Access key of that server', secret: true }),
  SOURCE_S3_SECRET_KEY: z.string().default('').meta({ description: 'Secret key of that server', secret: true }),
  SOURCE_S3_REGION: z.string().default('us-east-1').meta({ description: 'Region of that server' }),
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
  /** Milliseconds without progress after which a read from a server fails. */
  silence?: number;
}

/** Returns the policy that a service's configuration describes. */
export function sourcePolicy(config: SourceConfig & RetryConfig): SourcePolicy {
  const { SOURCE_S3_ENDPOINT: endpoint } = config;
  return {
    roots: config.SOURCE_ROOTS,
    hosts: config.SOURCE_HOSTS,
    ngas: config.SOURCE_NGAS_SERVERS,
    maximumRetryInterval: maximumRetryInterval(config),
    silence: config.SOURCE_SILENCE_SECONDS * 1000,
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
  private readonly silentServers: SilentServers;
  private readonly reopen: ReopenPolicy;

  constructor(readonly policy: SourcePolicy) {
    const { maximumRetryInterval = Infinity, silence = DEFAULT_REOPEN_POLICY.silence } = policy;
    this.reopen = withMaximumInterval({ ...DEFAULT_REOPEN_POLICY, silence }, maximumRetryInterval);
    // Shorter than the first interval of RETRY_LATE, after which the job runs again.
    this.silentServers = new SilentServers(Math.min(silence / 2, RETRY_LATE.initialInterval / 2, maximumRetryInterval));
  }

  /**
   * Returns the source of `size` bytes at a location. Opening it fails when the location is not allowed or can be no
   * file.
   */
  at(location: string, size: number): Source {
    const fault = locationFault(location);
    if (fault !== null) return { open: () => Promise.reject(unusable(location, fault)) };
    const { host, protocol } = new URL(location);
    const { reopen } = this;
    const { roots, hosts, s3, ngas } = this.policy;
    if (protocol === 'file:') return new FileSource(location, roots);
    if (protocol === 's3:') {
      return this.silentServers.guarded(s3?.endpoint ?? 's3', new S3Source(location, s3, reopen));
    }
    const source =
      protocol === 'ngas:'
        ? new NgasSource(location, size, { servers: ngas, reopen })
        : new HttpsSource(location, size, { hosts, reopen });
    return this.silentServers.guarded(host, source);
  }

  /**
   * Returns why a location cannot be read, as far as can be known without a request to a server; null when nothing is
   * known against it.
   */
  async faultAt(location: string): Promise<SourceError | null> {
    const fault = locationFault(location);
    if (fault !== null) return unusable(location, fault);
    const { roots, hosts, s3, ngas } = this.policy;
    if (!location.startsWith('file:')) {
      const why = await refusalOf(location, { roots, hosts, buckets: s3?.buckets ?? [], ngas });
      return why === null ? null : new SourceError('source.not-allowed', why);
    }
    try {
      await new FileSource(location, roots).check();
      return null;
    } catch (error) {
      if (error instanceof SourceError) return error;
      throw error;
    }
  }

  /**
   * Returns the real path of the directory of an unpacked tree.
   * @throws SourceError `source.not-allowed`, `source.not-found`, `source.denied`, `source.unusable`
   */
  async directoryAt(location: string): Promise<string> {
    const fault = locationFault(location);
    if (fault !== null) throw unusable(location, fault);
    if (!location.startsWith('file:')) {
      throw new SourceError('source.unusable', 'a tree must have a file:// location');
    }
    return pathInside(this.policy.roots, location);
  }

  /** Returns a part of an unpacked tree, which is packed while it is read. */
  packed(part: PlannedPart): Source {
    return { open: async () => new StreamReader(packPart(part)) };
  }
}

function unusable(location: string, fault: string): SourceError {
  return new SourceError('source.unusable', `${location} is no location of a file: ${fault}`);
}
