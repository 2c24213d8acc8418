import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Right } from '../auth/right';

/** The metrics of this process; every lib registers its own here. */
export const metricsRegistry = new Registry();
collectDefaultMetrics({ register: metricsRegistry });

@ApiExcludeController()
@Controller('metrics')
@Right('public')
export class MetricsController {
  /** Prometheus text format. */
  @Get()
  async metrics(@Res() response: Response): Promise<void> {
    response.type(metricsRegistry.contentType).send(await metricsRegistry.metrics());
  }
}
