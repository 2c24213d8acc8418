import type { z } from 'zod';
import type { CommonConfig } from '../config/common.config';
import { readConfig } from '../config/read-config';
import { allowMigrations } from '../database/data-source';
import { messageOf } from '../errors/message-of';
import { armFailpoint } from '../failpoint';
import { createLogger } from '../logging/logger';
import { startTracing } from '../tracing/start-tracing';
import { createService, listen, type ServiceDefinition } from './service';

/**
 * The `main` of a service that is a process of its own: configuration from the environment, HTTP on `HOST:PORT`, a
 * clean end on SIGTERM and SIGINT. Exits 1 with the reason when it cannot start.
 */
export async function runService<Schema extends z.ZodObject>(definition: ServiceDefinition<Schema>): Promise<void> {
  try {
    const config = readConfig(definition.configSchema) as Readonly<z.infer<Schema>> & CommonConfig;
    armFailpoint(config.FAILPOINT);
    allowMigrations(config.MIGRATE_AT_START);
    const logger = createLogger(definition.name, { level: config.LOG_LEVEL });
    await startTracing(definition.name, config.OTEL_EXPORTER_OTLP_ENDPOINT);
    const service = await createService(definition, config, logger);
    service.app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
    const port = await listen(service.app, config.HOST, config.PORT);
    logger.info({ host: config.HOST, port }, 'service listens');
  } catch (error) {
    process.stderr.write(`almagest ${definition.name}: ${messageOf(error)}\n`);
    process.exitCode = 1;
    process.exit();
  }
}
