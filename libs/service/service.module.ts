import { AccessModule, Right } from '@almagest/access';
import { flushSpans, LOGGER, type Logger, metricsRegistry, PUBLIC_URL, ReadinessChecks } from '@almagest/platform';
import { Controller, type DynamicModule, Get, Module, type OnApplicationShutdown, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import type { CommonConfig } from './common.config';

@ApiExcludeController()
@Controller('health')
@Right('public')
class HealthController {
  constructor(private readonly readiness: ReadinessChecks) {}

  /** Answers 200 as long as the process responds. */
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** Answers 200 when every check passes, else 503 with the failed checks; the log has the reasons. */
  @Get('ready')
  async ready(
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ ready: boolean; checks: Record<string, string> }> {
    const state = await this.readiness.run();
    response.status(state.ready ? 200 : 503);
    return state;
  }
}

@ApiExcludeController()
@Controller('metrics')
@Right('public')
class MetricsController {
  /** Answers in the Prometheus text format. */
  @Get()
  async metrics(@Res() response: Response): Promise<void> {
    response.type(metricsRegistry.contentType).send(await metricsRegistry.metrics());
  }
}

/** What every service has: logger, guard, health and metrics. */
@Module({})
export class ServiceModule implements OnApplicationShutdown {
  static forService(config: CommonConfig, logger: Logger): DynamicModule {
    return {
      module: ServiceModule,
      global: true,
      imports: [AccessModule.forService(config)],
      controllers: [HealthController, MetricsController],
      providers: [
        ReadinessChecks,
        { provide: LOGGER, useValue: logger },
        { provide: PUBLIC_URL, useValue: config.PUBLIC_URL },
      ],
      exports: [ReadinessChecks, LOGGER, PUBLIC_URL],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await flushSpans();
  }
}
