import { startKafka } from './kafka/start-kafka.mjs';
import { startMailpit } from './start-mailpit.mjs';
import { startPostgres } from './start-postgres.mjs';
import { startS3 } from './start-s3.mjs';

/**
 * Starts one of every engine that the archive uses when it has outgrown one machine.
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>} where they are, as the tests read it
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
  const env = {
    TEST_DATABASE_URL: postgres.url,
    TEST_S3_ENDPOINT: s3.endpoint,
    TEST_S3_ACCESS_KEY: s3.accessKey,
    TEST_S3_SECRET_KEY: s3.secretKey,
    TEST_SMTP_URL: mail.smtpUrl,
    TEST_MAIL_API: mail.apiUrl,
    TEST_KAFKA_BROKERS: kafka.brokers,
  };
  return { env, stop };
}
