import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@almagest/contracts';
import { type Logger, readBody } from '@almagest/platform';
import type { OpenAPIObject } from '@nestjs/swagger';
import { forward } from './forward';
import type { GatewayService } from './gateway';
import type { GatewayConfig } from './gateway.config';

/** The OpenAPI documents of the services; `npm run check` fails when they differ from the code. */
const OPEN_API = join(__dirname, '../../../docs/openapi');
/** A service whose readiness check takes longer than this is not ready, ms. */
const READINESS_TIMEOUT_MS = 5_000;
/** A readiness answer is a few hundred bytes. */
const READINESS_BYTES = 64 * 1024;

/** Returns every service of the archive, each behind its URL in the configuration. */
export function remoteServices(config: GatewayConfig, logger: Logger): GatewayService[] {
  return SERVICES.map((name) => {
    const url = urlOf(name, config);
    return {
      name,
      openApi: JSON.parse(readFileSync(join(OPEN_API, `${name}.json`), 'utf8')) as OpenAPIObject,
      readiness: () => readinessOf(url),
      handle: (request, response) =>
        forward(request, response, url, (error) => logger.warn({ error, upstream: name }, 'service does not answer')),
    };
  });
}

function urlOf(service: ServiceName, config: GatewayConfig): string {
  switch (service) {
    case 'intake':
      return config.INTAKE_URL;
    case 'ingest':
      return config.INGEST_URL;
    case 'catalogue':
      return config.CATALOGUE_URL;
    case 'notifier':
      return config.NOTIFIER_URL;
    case 'request-handler':
      return config.REQUEST_HANDLER_URL;
    case 'search':
      return config.SEARCH_URL;
  }
}

async function readinessOf(url: string): Promise<{ ready: boolean; checks?: unknown }> {
  try {
    const { body } = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(READINESS_TIMEOUT_MS) });
    const answer = await readBody(body, { bytes: READINESS_BYTES, milliseconds: READINESS_TIMEOUT_MS });
    return JSON.parse(answer.toString()) as { ready: boolean; checks: unknown };
  } catch {
    return { ready: false };
  }
}
