import { isUtf8 } from 'node:buffer';
import type { Server, ServerResponse } from 'node:http';
import { EVENTS, type ServiceName } from '@almagest/contracts';
import {
  allowedMethods,
  allowMigrations,
  armFailpoint,
  BUS_SERVER,
  createLogger,
  crossOrigin,
  failIfIdle,
  limitConnections,
  type Logger,
  messageOf,
  NestLogger,
  pathMethodsOf,
  PlatformError,
  ProblemFilter,
  readConfig,
  readRequestTarget,
  requestContext,
  requestMetrics,
  RequestValidationPipe,
  sharedPathsOf,
  startTracing,
} from '@almagest/platform';
import { type DynamicModule, type INestApplication, Logger as NestLog, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OpenAPIObject } from '@nestjs/swagger';
import { json } from 'express';
import type { z } from 'zod';
import type { CommonConfig } from './common.config';
import { openApiOf } from './open-api';
import { ServiceModule } from './service.module';

/** The largest request body. A QA2 result with a thousand parts is smaller; Kafka's message limit is larger. */
const BODY_LIMIT_BYTES = 512 * 1024;

/** The paths of every service that its OpenAPI document leaves out. */
const OWN_PATHS = ['/openapi.json', '/health/live', '/health/ready', '/metrics'].map((path) => ({
  path,
  methods: ['GET'],
}));

/** Defines a service of the archive: its name, configuration and root module. */
export interface ServiceDefinition<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: ServiceName;
  readonly summary: string;
  readonly configSchema: Schema;
  module(config: Readonly<z.infer<Schema>>): DynamicModule;
}

/** A service that reads the bus. Its HTTP side can listen on a port, or be mounted into another server. */
export interface RunningService {
  readonly name: ServiceName;
  readonly app: INestApplication;
  readonly openApi: OpenAPIObject;
}

@Module({})
class ServiceRoot {}

/**
 * How long a connection without a request stays open. A gateway that sends a request while the service closes the
 * connection must answer 502, so this is much longer than usual pauses between requests.
 */
const IDLE_CONNECTION_MS = 65_000;

/** Ends each connection with its answer once the process is to stop; a client that repeats requests would keep it alive. */
function endConnectionsAtStop(server: Server): void {
  let isStopping = false;
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (isStopping) response.shouldKeepAlive = false;
  });
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      isStopping = true;
      // For the answers that have begun.
      server.keepAliveTimeout = 1;
    });
  }
}

/**
 * Runs a service as a process: reads the configuration from the environment, listens on `HOST:PORT`, and shuts down on
 * SIGTERM and SIGINT. Exits with 1 and prints the reason when the service cannot start.
 */
export async function runService<Schema extends z.ZodObject>(definition: ServiceDefinition<Schema>): Promise<void> {
  failIfIdle(`almagest ${definition.name}: internal error: the service ended without being stopped`, 1);
  try {
    const config = readConfig(definition.configSchema) as Readonly<z.infer<Schema>> & CommonConfig;
    armFailpoint(config.FAILPOINT);
    allowMigrations(config.MIGRATE_AT_START);
    const logger = createLogger(definition.name, { level: config.LOG_LEVEL });
    await startTracing(definition.name, config.OTEL_EXPORTER_OTLP_ENDPOINT);
    const service = await createService(definition, config, logger);
    const server = service.app.getHttpServer() as Server;
    limitConnections(server, config);
    server.keepAliveTimeout = IDLE_CONNECTION_MS;
    endConnectionsAtStop(server);
    service.app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
    const port = await listen(service.app, config.HOST, config.PORT);
    logger.info({ host: config.HOST, port }, 'service listens');
  } catch (error) {
    process.stderr.write(`almagest ${definition.name}: ${messageOf(error)}\n`);
    process.exitCode = 1;
    process.exit();
  }
}

/**
 * Creates a service: migrates its database, connects the bus and adds the routes. The HTTP server does not listen yet.
 * @throws whatever prevents the service from working, such as an unreachable database
 */
export async function createService<Schema extends z.ZodObject>(
  definition: ServiceDefinition<Schema>,
  config: Readonly<z.infer<Schema>> & CommonConfig,
  logger: Logger,
): Promise<RunningService> {
  NestLog.overrideLogger(new NestLogger(logger));
  const app = await NestFactory.create<NestExpressApplication>(
    { module: ServiceRoot, imports: [ServiceModule.forService(config, logger), definition.module(config)] },
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  app.use(json({ limit: BODY_LIMIT_BYTES, strict: true, verify: assertUtf8 }));
  app.set('trust proxy', config.TRUSTED_PROXIES);
  app.set('etag', false);
  app.disable('x-powered-by');
  app.use(requestMetrics, requestContext, readRequestTarget);
  app.useGlobalPipes(new RequestValidationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
  const openApi = openApiOf(app, definition);
  app.use(crossOrigin(sharedPathsOf(openApi)), allowedMethods([...pathMethodsOf(openApi), ...OWN_PATHS]));
  app
    .getHttpAdapter()
    .getInstance()
    .get('/openapi.json', (_request, response) => void response.json(openApi));
  if (EVENTS.some(({ subscribers }) => subscribers.includes(definition.name))) {
    app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(BUS_SERVER) });
  }
  await app.init();
  await app.startAllMicroservices();
  return { name: definition.name, app, openApi };
}

/** RFC 8259, 8.1. Without this check, bytes that are not UTF-8 would become replacement characters. */
function assertUtf8(_request: unknown, _response: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw Object.assign(new Error('it is not UTF-8'), { status: 400 });
}

/** Returns the OpenAPI document of a service without connecting or starting anything. */
export async function describeService(definition: ServiceDefinition): Promise<OpenAPIObject> {
  return openApiOf(await previewService(definition), definition);
}

/** Returns a service whose modules and controllers Nest has scanned but not instantiated. */
export async function previewService(definition: ServiceDefinition): Promise<INestApplication> {
  const emptyConfig = definition.configSchema.partial().parse({}) as CommonConfig;
  return NestFactory.create<NestExpressApplication>(
    {
      module: ServiceRoot,
      imports: [
        ServiceModule.forService(emptyConfig, createLogger(definition.name, { level: 'silent' })),
        definition.module(emptyConfig),
      ],
    },
    { preview: true, logger: false, abortOnError: false },
  );
}

/**
 * Starts the HTTP server and returns its port.
 * @throws PlatformError `platform.port-taken`
 */
export async function listen(app: INestApplication, host: string, port: number): Promise<number> {
  try {
    await app.listen(port, host);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
      throw new PlatformError('platform.port-taken', `${host}:${port} is in use by another program`, { cause });
    }
    throw cause;
  }
  const server = app.getHttpServer() as { address(): { port: number } };
  return server.address().port;
}
