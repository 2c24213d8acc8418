import { JobRunner, jobSchema, taskOf } from '@almagest/jobs';
import { ReadinessChecks } from '@almagest/platform';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MailServer } from './mail-server';
import { MAIL_TASK, MailsService } from './mails.service';

const CONCURRENCY = 2;

/** Runs the mail jobs in this process. */
@Injectable()
export class MailsWorker implements OnApplicationShutdown, OnModuleInit {
  constructor(
    private readonly mails: MailsService,
    private readonly server: MailServer,
    private readonly jobs: JobRunner,
    private readonly readiness: ReadinessChecks,
  ) {}

  onModuleInit(): void {
    this.readiness.add('mail server', () => this.server.check());
    this.jobs.handle(CONCURRENCY, {
      [MAIL_TASK]: taskOf('mail', jobSchema, ({ id }) => this.mails.send(id)),
    });
  }

  onApplicationShutdown(): void {
    this.server.close();
  }
}
