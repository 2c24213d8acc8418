import { LeasedWorker } from '@almagest/jobs';
import { BUS_POOL } from '@almagest/messaging';
import { inSpan, type Logger, LOGGER, ReadinessChecks, SpanKind } from '@almagest/platform';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Pool } from 'pg';
import { z } from 'zod';
import { NotifierConfig } from '../notifier.config';
import { MailServer } from './mail-server';
import { MAIL_TASK, MailsService } from './mails.service';

const payloadSchema = z.object({ id: z.uuid(), traceparent: z.string() });
const CONCURRENCY = 2;

/** Runs the mail jobs of this process. */
@Injectable()
export class MailsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private worker: LeasedWorker | undefined;

  constructor(
    private readonly mails: MailsService,
    private readonly server: MailServer,
    private readonly config: NotifierConfig,
    @Inject(BUS_POOL) private readonly pool: Pool,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly readiness: ReadinessChecks,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.readiness.add('mail server', () => this.server.check());
    this.worker = await LeasedWorker.start({
      databaseUrl: this.config.databaseUrl,
      pool: this.pool,
      logger: this.logger,
      concurrency: CONCURRENCY,
      tasks: {
        [MAIL_TASK]: (payload) => {
          const { id, traceparent } = payloadSchema.parse(payload);
          const about = { name: 'mail', kind: SpanKind.INTERNAL, attributes: { 'almagest.mail': id } };
          return inSpan(about, { traceparent }, () => this.mails.send(id));
        },
      },
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.worker?.stop();
  }

  onApplicationShutdown(): void {
    this.server.close();
  }
}
