import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessTokens } from '../auth/access-tokens';
import { Callers } from '../auth/callers';
import { DataRegister } from '../auth/data-register';
import { DeliveryLinks } from '../auth/delivery-links';
import { RightGuard } from '../auth/right.guard';
import { ServiceTokens } from '../auth/service-tokens';
import type { CommonConfig } from '../config/common.config';
import { HealthController, ReadinessChecks } from '../http/health';
import { MetricsController } from '../http/metrics';
import type { Logger } from '../logging/logger';
import { flushSpans } from '../tracing/start-tracing';

/** Injection token of a service's pino logger. */
export const LOGGER = Symbol('LOGGER');

/** Injection token of the URL that the archive's own links begin with, without a slash at the end. */
export const PUBLIC_URL = Symbol('PUBLIC_URL');

/** What every service has: logger, guard, health and metrics. */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  static forService(config: CommonConfig, logger: Logger): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      controllers: [HealthController, MetricsController],
      providers: [
        ReadinessChecks,
        { provide: LOGGER, useValue: logger },
        DataRegister,
        { provide: PUBLIC_URL, useValue: config.PUBLIC_URL },
        { provide: DeliveryLinks, useFactory: () => DeliveryLinks.fromFile(config.LINK_KEYS_FILE) },
        { provide: Callers, inject: [DeliveryLinks], useFactory: (links: DeliveryLinks) => callersOf(config, links) },
        { provide: APP_GUARD, useClass: RightGuard },
      ],
      exports: [ReadinessChecks, LOGGER, PUBLIC_URL, DataRegister, DeliveryLinks],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await flushSpans();
  }
}

function callersOf({ SERVICE_TOKENS_FILE, AUTH_ISSUER, AUTH_AUDIENCE }: CommonConfig, links: DeliveryLinks): Callers {
  const accessTokens = AUTH_ISSUER === undefined ? null : new AccessTokens(AUTH_ISSUER, AUTH_AUDIENCE);
  return new Callers(ServiceTokens.fromFile(SERVICE_TOKENS_FILE), links, accessTokens);
}
