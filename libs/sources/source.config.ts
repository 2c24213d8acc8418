import { type CommonConfig, listVariable, maximumRetryInterval } from '@almagest/platform';
import { z } from 'zod';
import type { SourcePolicy } from './sources';

/** Where locations that come from outside may lead. */
export const sourceVariables = {
  SOURCE_ROOTS: listVariable.meta({ description: 'Directories that file:// locations may lie in' }),
  SOURCE_HOSTS: listVariable.meta({ description: 'Servers that https:// locations may name, `host` or `host:port`' }),
  SOURCE_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'The S3 store of s3:// locations' }),
  SOURCE_S3_ACCESS_KEY: z.string().default('').meta({ description: 'Its access key', secret: true }),
  SOURCE_S3_SECRET_KEY: z.string().default('').meta({ description: 'The secret of its access key', secret: true }),
  SOURCE_S3_REGION: z.string().default('us-east-1').meta({ description: 'Its region' }),
  SOURCE_S3_BUCKETS: listVariable.meta({ description: 'Buckets that s3:// locations may name' }),
  SOURCE_NGAS_SERVERS: listVariable.meta({ description: 'NGAS servers that ngas:// locations may name, `host:port`' }),
};
export type SourceConfig = Readonly<z.infer<z.ZodObject<typeof sourceVariables>>>;

export function sourcePolicy(config: SourceConfig & Pick<CommonConfig, 'RETRY_MAXIMUM_SECONDS'>): SourcePolicy {
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
