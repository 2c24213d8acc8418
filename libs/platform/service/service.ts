import { EVENTS, type ServiceName } from '@almagest/contracts';
import { type DynamicModule, type INestApplication, Logger as NestLog, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { z } from 'zod';
import type { CommonConfig } from '../config/common.config';
import { PlatformError } from '../errors/platform.error';
import { openApiOf } from '../http/open-api';
import { ProblemFilter } from '../http/problem.filter';
import { requestContext } from '../http/request-context';
import { requestMetrics } from '../http/request-metrics';
import { createLogger, type Logger, NestLogger } from '../logging/logger';
import { PlatformModule } from './platform.module';

/** The transport strategy of the bus, which the messaging module of a service provides. */
export const BUS_SERVER = Symbol('BUS_SERVER');

/** The largest request body; a QA2 result with a thousand parts stays below it, and below Kafka's message limit. */
export const BODY_LIMIT_BYTES = 512 * 1024;

/** What makes one of the archive's services: its name, its configuration and its root module. */
export interface ServiceDefinition<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: ServiceName;
  readonly summary: string;
  readonly configSchema: Schema;
  module(config: Readonly<z.infer<Schema>>): DynamicModule;
}

/** A service that is built and reads the bus; its HTTP side can be listened to or mounted. */
export interface RunningService {
  readonly name: ServiceName;
  readonly app: INestApplication;
  readonly openApi: OpenAPIObject;
}

@Module({})
class ServiceRoot {}

/**
 * Builds a service: database migrated, bus connected, routes in place. The HTTP server does not listen yet.
 * @throws whatever keeps the service from working, such as an unreachable database
 */
export async function createService<Schema extends z.ZodObject>(
  definition: ServiceDefinition<Schema>,
  config: Readonly<z.infer<Schema>> & CommonConfig,
  logger: Logger,
): Promise<RunningService> {
  NestLog.overrideLogger(new NestLogger(logger));
  const app = await NestFactory.create<NestExpressApplication>(
    { module: ServiceRoot, imports: [PlatformModule.forService(config, logger), definition.module(config)] },
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  app.useBodyParser('json', { limit: BODY_LIMIT_BYTES, strict: true });
  app.set('etag', false);
  app.disable('x-powered-by');
  app.use(requestMetrics, requestContext);
  app.useGlobalFilters(new ProblemFilter(logger));
  const openApi = openApiOf(app, definition);
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

/** The OpenAPI document of a service that is only looked at: nothing is connected or started. */
export async function describeService(definition: ServiceDefinition): Promise<OpenAPIObject> {
  return openApiOf(await previewService(definition), definition);
}

/** A service whose modules and controllers are known to Nest, but none of them made. */
export async function previewService(definition: ServiceDefinition): Promise<INestApplication> {
  const nothing = definition.configSchema.partial().parse({}) as CommonConfig;
  return NestFactory.create<NestExpressApplication>(
    {
      module: ServiceRoot,
      imports: [
        PlatformModule.forService(nothing, createLogger(definition.name, { level: 'silent' })),
        definition.module(nothing),
      ],
    },
    { preview: true, logger: false, abortOnError: false },
  );
}

/**
 * Listens for HTTP.
 * @returns the port
 * @throws PlatformError `platform.port-taken`
 */
export async function listen(app: INestApplication, host: string, port: number): Promise<number> {
  try {
    await app.listen(port, host);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
      throw new PlatformError('platform.port-taken', `${host}:${port} is taken by another program`, { cause });
    }
    throw cause;
  }
  const server = app.getHttpServer() as { address(): { port: number } };
  return server.address().port;
}
