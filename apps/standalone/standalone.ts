import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EmbeddedPostgres } from '@almagest/embedded-postgres';
import {
  DomainError,
  limitConnections,
  type Logger,
  PlatformError,
  problemOf,
  ReadinessChecks,
  readConfig,
} from '@almagest/platform';
import { type CommonConfig, createService, type RunningService, type ServiceDefinition } from '@almagest/service';
import type { RequestHandler } from 'express';
import { catalogue } from '../catalogue/catalogue.module';
import { createGateway, type GatewayService } from '../gateway/gateway';
import { ingest } from '../ingest/ingest.module';
import { intake } from '../intake/intake.module';
import { notifier } from '../notifier/notifier.module';
import { requestHandler } from '../request-handler/request-handler.module';
import { search } from '../search/search.module';
import { Database } from './database';
import type { Home } from './home';
import { MailSink } from './mail-sink';
import type { StandaloneConfig } from './standalone.config';

/** All services in one process, on one port, with embedded PostgreSQL, object store and mail sink. */
export class Standalone {
  private constructor(
    readonly url: string,
    /** Rejects when the archive cannot continue because its database is lost for good. */
    readonly failed: Promise<never>,
    /** What the user should know about the embedded database: where its data are, and what was done for it. */
    readonly notices: readonly string[],
    private readonly closers: readonly (() => Promise<void>)[],
    private readonly logger: Logger,
  ) {}

  /**
   * Takes the home, listens, starts the engines, then the services. Requests that come before that is done are answered
   * with 503.
   * @param loggerOf creates the logger of a service, and of the process itself: `standalone`
   * @throws PlatformError when another process runs an archive on this home or database, or the port is in use
   */
  static async start(home: Home, config: StandaloneConfig, loggerOf: (name: string) => Logger): Promise<Standalone> {
    const logger = loggerOf('standalone');
    const closers: (() => Promise<void>)[] = [];
    try {
      const server = createServer(answerWhileStarting);
      limitConnections(server, config);
      const url = await bind(server, config);
      const stopListening = (): Promise<void> => closeServer(server);
      closers.unshift(stopListening);
      const { database, databaseUrl, notices } = await openDatabase(home, config, logger, closers);
      const smtpUrl = config.SMTP_URL ?? (await startMailSink(home, closers));
      // Closed after the services and before their engines; above, in case an engine does not start.
      closers.unshift(stopListening);
      const services = await startServices(home, config, { databaseUrl, smtpUrl, url }, loggerOf, closers);
      const gateway = createGateway(services.map(behindGateway), logger);
      server.off('request', answerWhileStarting).on('request', gateway);
      await home.announce(url);
      closers.unshift(() => home.retract());
      return new Standalone(url, database.lost, notices, closers, logger);
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

async function startMailSink(home: Home, closers: (() => Promise<void>)[]): Promise<string> {
  const sink = await MailSink.start(home.mail);
  closers.unshift(() => sink.stop());
  return sink.url;
}

/** Starts the embedded server unless another one is configured, and locks the database for this process. */
async function openDatabase(
  home: Home,
  { DATABASE_URL }: StandaloneConfig,
  logger: Logger,
  closers: (() => Promise<void>)[],
): Promise<{ database: Database; databaseUrl: string; notices: readonly string[] }> {
  const embedded = DATABASE_URL === undefined ? await EmbeddedPostgres.start(home.directory) : null;
  if (embedded !== null) closers.unshift(() => embedded.stop());
  const databaseUrl = DATABASE_URL ?? embedded?.url() ?? '';
  const database = await Database.open(databaseUrl, embedded, logger);
  closers.unshift(() => database.close());
  const notices = embedded === null ? [] : [...embedded.notices, `database       ${embedded.data}`];
  return { database, databaseUrl, notices };
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
  const definitions: readonly ServiceDefinition[] = [catalogue, intake, ingest, notifier, requestHandler, search];
  for (const definition of definitions) {
    const serviceConfig = readConfig(definition.configSchema, common) as CommonConfig;
    const service = await createService(definition, serviceConfig, loggerOf(definition.name));
    closers.unshift(() => service.app.close());
    services.push(service);
  }
  return services;
}

const STARTING = new DomainError('unavailable', 'standalone.starting', 'The archive is starting; try again');

/** Alive, but not ready (RFC 9110, 15.6.4). */
const answerWhileStarting: RequestListener = (request, response) => {
  if (request.url === '/health/live') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'ok' }));
    return;
  }
  response
    .writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1', connection: 'close' })
    .end(JSON.stringify(problemOf(STARTING)));
};

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
