import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startKafka } from './kafka/start-kafka.mjs';
import { startMailpit } from './start-mailpit.mjs';
import { startPostgres } from './start-postgres.mjs';
import { startS3 } from './start-s3.mjs';

const MIGRATIONS = fileURLToPath(new URL('../../dist/tools/migrations.js', import.meta.url));
const TEMPLATE = 'almagest_template';

/**
 * Starts one of every engine that an archive of separate services uses.
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>} their addresses, in the variables that
 *   the tests read
 */
export async function startEngines() {
  const started = await Promise.allSettled([startPostgres(), startS3(), startMailpit(), startKafka()]);
  const stop = async () => void (await Promise.all(started.map(({ value }) => value?.stop())));
  const failed = started.find(({ status }) => status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const [postgres, s3, mail, kafka] = started.map(({ value }) => value);
  await makeTemplate(postgres.url);
  const env = {
    TEST_DATABASE_URL: postgres.url,
    TEST_DATABASE_TEMPLATE: TEMPLATE,
    TEST_S3_ENDPOINT: s3.endpoint,
    TEST_S3_ACCESS_KEY: s3.accessKey,
    TEST_S3_SECRET_KEY: s3.secretKey,
    TEST_SMTP_URL: mail.smtpUrl,
    TEST_MAIL_API: mail.apiUrl,
    TEST_KAFKA_BROKERS: kafka.brokers,
  };
  return { env, stop };
}

/** Creates the database that the databases of archives are copies of: it has every table. */
async function makeTemplate(server) {
  const url = new URL(server);
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  url.pathname = `/${TEMPLATE}`;
  const { PATH = '' } = process.env;
  const migrations = spawn(process.execPath, [MIGRATIONS, 'up'], {
    env: { PATH, DATABASE_URL: url.href },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(migrations, 'exit');
  if (code !== 0) throw new Error(`the migrations ended with ${code}`);
}
