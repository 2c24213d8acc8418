import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { CommonConfig } from '../config/common.config';
import { HealthController, ReadinessChecks } from '../http/health';
import { MetricsController } from '../http/metrics';
import { ServiceTokenGuard } from '../http/service-token.guard';
import { ServiceTokens } from '../http/service-tokens';
import type { Logger } from '../logging/logger';

/** Injection token of a service's pino logger. */
export const LOGGER = Symbol('LOGGER');

/** What every service has: logger, guard, health and metrics. */
@Module({})
export class PlatformModule {
  static forService(config: CommonConfig, logger: Logger): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      controllers: [HealthController, MetricsController],
      providers: [
        ReadinessChecks,
        { provide: LOGGER, useValue: logger },
        { provide: ServiceTokens, useFactory: () => ServiceTokens.fromFile(config.SERVICE_TOKENS_FILE) },
        { provide: APP_GUARD, useClass: ServiceTokenGuard },
      ],
      exports: [ReadinessChecks, LOGGER, ServiceTokens],
    };
  }
}
