import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EmbeddedPostgres } from '@almagest/embedded-postgres';
import { type Logger, PlatformError, ReadinessChecks, readConfig } from '@almagest/platform';
import { type CommonConfig, createService, type RunningService, type ServiceDefinition } from '@almagest/service';
import type { RequestHandler } from 'express';
import { Client } from 'pg';
import { catalogue } from '../catalogue/catalogue.module';
import { createGateway, type GatewayService } from '../gateway/gateway';
import { ingest } from '../ingest/ingest.module';
import { intake } from '../intake/intake.module';
import { notifier } from '../notifier/notifier.module';
import { requestHandler } from '../request-handler/request-handler.module';
import type { Home } from './home';
import { MailSink } from './mail-sink';
import type { StandaloneConfig } from './standalone.config';

/** All services in one process, on one port, with embedded PostgreSQL, object store and mail sink. */
export class Standalone {
  private constructor(
    readonly url: string,
    private readonly closers: readonly (() => Promise<void>)[],
    private readonly logger: Logger,
  ) {}

  /**
   * Starts the engines, then the services, then accepts requests.
   * @param loggerOf creates the logger of a service, and of the process itself: `standalone`
   * @throws PlatformError when another process runs an archive on this home, or the port is in use
   */
  static async start(home: Home, config: StandaloneConfig, loggerOf: (name: string) => Logger): Promise<Standalone> {
    const logger = loggerOf('standalone');
    const closers: (() => Promise<void>)[] = [];
    try {
      const databaseUrl = config.DATABASE_URL ?? (await startPostgres(home, closers));
      closers.unshift(await acquireDatabase(databaseUrl, home));
      const smtpUrl = config.SMTP_URL ?? (await startMailSink(home, closers));
      const server = createServer();
      const url = await bind(server, config);
      closers.unshift(() => closeServer(server));
      const services = await startServices(home, config, { databaseUrl, smtpUrl, url }, loggerOf, closers);
      server.on('request', createGateway(services.map(behindGateway)));
      await home.announce(url);
      closers.unshift(() => home.retract());
      return new Standalone(url, closers, logger);
    } catch (error) {
      await closeAll(closers, logger);
      throw error;
    }
  }

  /** Stops everything in reverse order; unfinished work resumes at the next start. */
  async stop(): Promise<void> {
    await closeAll(this.closers, this.logger);
  }
}

async function startPostgres(home: Home, closers: (() => Promise<void>)[]): Promise<string> {
  const postgres = await EmbeddedPostgres.start(home.directory);
  closers.unshift(() => postgres.stop());
  return postgres.url();
}

async function startMailSink(home: Home, closers: (() => Promise<void>)[]): Promise<string> {
  const sink = await MailSink.start(home.mail);
  closers.unshift(() => sink.stop());
  return sink.url;
}

/** Allows one standalone process per database: a second one would take jobs of the first one. */
async function acquireDatabase(databaseUrl: string, home: Home): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'almagest-standalone' });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ acquired: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended('almagest.standalone', 0)) AS acquired`,
  );
  if (rows[0]?.acquired === true) return () => client.end();
  await client.end();
  const other = await home.announced();
  throw new PlatformError(
    'platform.already-running',
    `an archive is already running on ${home.directory}${other === null ? '' : ` (process ${other.pid}, ${other.url})`}`,
  );
}

async function bind(server: Server, config: StandaloneConfig): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? new PlatformError(
              'platform.port-taken',
              `port ${config.PORT} of ${config.HOST} is in use; choose another one with --port`,
            )
          : cause,
      ),
    );
    server.listen(config.PORT, config.HOST, resolve);
  });
  return `http://${config.HOST}:${(server.address() as AddressInfo).port}`;
}

async function closeServer(server: Server): Promise<void> {
  server.closeIdleConnections();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  setTimeout(() => server.closeAllConnections(), 2_000).unref();
  await closed;
}

async function startServices(
  home: Home,
  config: StandaloneConfig,
  engines: { databaseUrl: string; smtpUrl: string; url: string },
  loggerOf: (name: string) => Logger,
  closers: (() => Promise<void>)[],
): Promise<RunningService[]> {
  const common = {
    DATABASE_URL: engines.databaseUrl,
    SMTP_URL: engines.smtpUrl,
    PUBLIC_URL: config.PUBLIC_URL ?? engines.url,
    SERVICE_TOKENS_FILE: home.tokens,
    LINK_KEYS_FILE: home.linkKeys,
    OBJECT_STORE_DIRECTORY: home.store,
    STAGING_DIRECTORY: home.staging,
    SOURCE_ROOTS: config.SOURCE_ROOTS.length > 0 ? config.SOURCE_ROOTS.join(',') : process.cwd(),
  };
  const services: RunningService[] = [];
  // The catalogue starts first, because notifier and request-handler read its tables.
  const definitions: readonly ServiceDefinition[] = [catalogue, intake, ingest, notifier, requestHandler];
  for (const definition of definitions) {
    const serviceConfig = readConfig(definition.configSchema, common) as CommonConfig;
    const service = await createService(definition, serviceConfig, loggerOf(definition.name));
    closers.unshift(() => service.app.close());
    services.push(service);
  }
  return services;
}

function behindGateway({ name, app, openApi }: RunningService): GatewayService {
  return {
    name,
    openApi,
    readiness: () => app.get(ReadinessChecks).run(),
    handle: app.getHttpAdapter().getInstance() as RequestHandler,
  };
}

async function closeAll(closers: readonly (() => Promise<void>)[], logger: Logger): Promise<void> {
  for (const close of closers)
    await close().catch((error: unknown) => logger.warn({ error }, 'could not stop cleanly'));
}
