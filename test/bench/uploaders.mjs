// The S3 upload programs that ingest is compared with.
import { execFile } from 'node:child_process';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CACHE } from '../engines/server-process.mjs';

const run = promisify(execFile);
/** A changed version creates a new environment. */
const AWSCLI = 'awscli==1.45.11';
const VENV = join(CACHE, AWSCLI.replace('==', '-'));

/**
 * Returns `aws s3 cp`, installed in a Python environment in `.cache/engines` on first use, and `rclone copyto`, which
 * must be installed on the system (Debian: `apt install rclone`).
 * @param {{ endpoint: string, accessKey: string, secretKey: string }} server
 * @returns {Promise<{ name: string, command: (file: string, bucket: string, key: string) => string[], env: object }[]>}
 */
export async function uploaders({ endpoint, accessKey, secretKey }) {
  const { PATH, HOME } = process.env;
  return [
    {
      name: 'aws s3 cp',
      command: awsCommand(await aws(), endpoint),
      env: { PATH, HOME, AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey, AWS_REGION: 'us-east-1' },
    },
    {
      name: 'rclone copyto',
      command: (file, bucket, key) => ['rclone', 'copyto', '--s3-no-check-bucket', file, `bench:${bucket}/${key}`],
      // No other variables: the S3 backend of rclone does not start while AWS_CA_BUNDLE is set.
      env: {
        PATH,
        HOME,
        RCLONE_CONFIG: '/dev/null',
        RCLONE_CONFIG_BENCH_TYPE: 's3',
        RCLONE_CONFIG_BENCH_PROVIDER: 'Other',
        RCLONE_CONFIG_BENCH_ENDPOINT: endpoint,
        RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: accessKey,
        RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: secretKey,
      },
    },
  ];
}

function awsCommand(program, endpoint) {
  return (file, bucket, key) => [
    program,
    '--endpoint-url',
    endpoint,
    's3',
    'cp',
    '--only-show-errors',
    file,
    `s3://${bucket}/${key}`,
  ];
}

async function aws() {
  const program = join(VENV, 'bin', 'aws');
  const isInstalled = await access(join(VENV, 'done')).then(
    () => true,
    () => false,
  );
  if (isInstalled) return program;
  await rm(VENV, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  await run('python3', ['-m', 'venv', VENV]);
  await run(join(VENV, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', AWSCLI]);
  await mkdir(join(VENV, 'done'));
  return program;
}
