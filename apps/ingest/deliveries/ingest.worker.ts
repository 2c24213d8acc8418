import { type JobContext, LeasedWorker } from '@almagest/jobs';
import { BUS_POOL } from '@almagest/messaging';
import { inSpan, type Logger, LOGGER, SpanKind } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Pool } from 'pg';
import { z } from 'zod';
import { IngestConfig } from '../ingest.config';
import { INGEST_TASK, IngestService } from './ingest.service';

const payloadSchema = z.object({ id: z.uuid(), traceparent: z.string() });

/** Runs the ingest jobs of this process. */
@Injectable()
export class IngestWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private worker: LeasedWorker | undefined;

  constructor(
    private readonly ingest: IngestService,
    private readonly config: IngestConfig,
    @Inject(BUS_POOL) private readonly pool: Pool,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.worker = await LeasedWorker.start({
      databaseUrl: this.config.settings.databaseUrl,
      pool: this.pool,
      logger: this.logger,
      concurrency: this.config.settings.concurrency,
      tasks: { [INGEST_TASK]: (payload, context) => this.run(payload, context) },
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.worker?.stop();
  }

  private async run(payload: unknown, { signal }: JobContext): Promise<void> {
    const job = payloadSchema.parse(payload);
    const about = { name: 'ingest', kind: SpanKind.INTERNAL, attributes: { 'almagest.delivery': job.id } };
    // Events that the job emits are below its span.
    const run = (): Promise<void> => this.ingest.run(job, signal);
    await inSpan(about, { traceparent: job.traceparent, deliveryId: job.id }, run);
  }
}
