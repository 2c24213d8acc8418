import '@almagest/platform/small-heap';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, limitConnections, messageOf, readConfig } from '@almagest/platform';
import { createGateway } from './gateway';
import { gatewayConfigSchema } from './gateway.config';
import { remoteServices } from './remote-services';

/** Runs the gateway until SIGINT or SIGTERM; it then finishes the requests that are under way. */
function main(): void {
  const config = readConfig(gatewayConfigSchema);
  const logger = createLogger('gateway', { level: config.LOG_LEVEL });
  const server = createServer(createGateway(remoteServices(config, logger), logger));
  limitConnections(server, config);
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
  process.stderr.write(`almagest gateway: ${messageOf(error)}\n`);
  process.exit(1);
}

try {
  main();
} catch (error) {
  fail(error);
}
