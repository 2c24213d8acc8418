import '@almagest/platform/small-heap';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, messageOf, readConfig } from '@almagest/platform';
import { frontOf } from './front';
import { frontConfigSchema } from './front.config';

/** Runs the front until SIGINT or SIGTERM; what is under way then is finished. */
function main(): void {
  const config = readConfig(frontConfigSchema);
  const logger = createLogger('front', { level: config.LOG_LEVEL });
  const server = createServer(frontOf(config, logger));
  server.on('error', (error) => fail(error));
  server.listen(config.PORT, config.HOST, () => {
    logger.info({ host: config.HOST, port: (server.address() as AddressInfo).port }, 'service listens');
  });
  const stop = (): void => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 10_000).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function fail(error: unknown): void {
  process.stderr.write(`almagest front: ${messageOf(error)}\n`);
  process.exit(1);
}

try {
  main();
} catch (error) {
  fail(error);
}
