import '@almagest/platform/small-heap';
import 'reflect-metadata';
import {
  armFailpoint,
  createLogger,
  failIfIdle,
  logFile,
  messageOf,
  PlatformError,
  readConfig,
  startTracing,
} from '@almagest/platform';
import { Home } from './home';
import { Standalone } from './standalone';
import { standaloneConfigSchema } from './standalone.config';

/** Exit code, as that of `almagest` for a disk that is full or not writable. */
const HOME_UNUSABLE = 4;

/** Runs a standalone archive until SIGINT or SIGTERM; prints its address to standard output. */
async function main(): Promise<void> {
  // An archive continues when its messages cannot be written, as to a full disk.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  failIfIdle('almagest: internal error: the archive ended without being stopped', 1);
  const config = readConfig(standaloneConfigSchema);
  armFailpoint(config.FAILPOINT);
  const home = new Home(config.ALMAGEST_HOME);
  await home.acquire();
  const { tokenIsNew } = await home.prepare();
  const destination = logFile(home.log);
  await startTracing('standalone', config.OTEL_EXPORTER_OTLP_ENDPOINT);
  const starting = Standalone.start(home, config, (name) =>
    createLogger(name, { level: config.LOG_LEVEL, destination }),
  );
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    process.stdout.write('Almagest is stopping ...\n');
    // Waits for the start to finish, so that PostgreSQL does not stay running; a failed start is reported below.
    starting.then(
      (archive) => archive.stop().then(() => process.exit(0)),
      () => undefined,
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const archive = await starting;
  archive.failed.catch((error: unknown) => {
    if (!stopping) fail(error);
  });
  if (stopping) return;
  const lines = [
    `Almagest listens on ${archive.url}`,
    `  service token  ${home.tokens}${tokenIsNew ? ' (created now)' : ''}`,
    ...archive.notices.map((notice) => `  ${notice}`),
    `  stored parts   ${home.store}`,
    `  mails          ${home.mail}`,
    `  log            ${home.log}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function fail(error: unknown): void {
  process.stderr.write(`almagest: ${messageOf(error)}\n`);
  process.exit(error instanceof PlatformError && error.code === 'platform.home-unusable' ? HOME_UNUSABLE : 1);
}

main().catch(fail);
