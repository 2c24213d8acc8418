import { CatalogueReaderModule } from '@almagest/catalogue-db';
import { mailAddressSchema } from '@almagest/contracts';
import { InboxRow, MessagingModule, OutboxRow } from '@almagest/messaging';
import { DatabaseModule, numberVariable } from '@almagest/platform';
import { commonConfigSchema, type ServiceDefinition } from '@almagest/service';
import { type DynamicModule, Module } from '@nestjs/common';
import { z } from 'zod';
import { migrations } from '../../migrations/notifier';
import { BouncesController } from './bounces/bounces.controller';
import { BouncesService } from './bounces/bounces.service';
import { MailRow, NoticeRow } from './mails/mail.entity';
import { MailServer } from './mails/mail-server';
import { MailsConsumer } from './mails/mails.consumer';
import { MailsController } from './mails/mails.controller';
import { MailsRepository } from './mails/mails.repository';
import { MailsService } from './mails/mails.service';
import { MailsWorker } from './mails/mails.worker';
import { NotifierConfig } from './notifier.config';

/** The tables of the schema `notifier`. */
export const notifierSchema = { schema: 'notifier', entities: [MailRow, NoticeRow, OutboxRow, InboxRow], migrations };

const configSchema = commonConfigSchema.extend({
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .meta({ description: 'URL of the mail server, `smtp://[user:password@]host:port`', secret: true }),
  REJECTIONS_TO: mailAddressSchema.optional().meta({
    description: 'Mail address of the data reducers, for mails about rejected deliveries; unset: no such mails',
  }),
  LINK_DAYS: numberVariable(90, 1).meta({ description: 'Days that the links in a mail are valid' }),
  MAIL_RETURN_PATH: mailAddressSchema.optional().meta({
    description: 'Mail address for bounces, to be piped into `almagest mail bounce`; unset: the address in MAIL_FROM',
  }),
  MAIL_FROM: z.string().default('ALMA archive <archive@almagest.invalid>').meta({ description: 'Sender of the mails' }),
});

@Module({
  controllers: [MailsConsumer, MailsController, BouncesController],
  providers: [MailsService, BouncesService, MailsWorker, MailsRepository],
})
class NotifierModule {}

/** Sends mails to the PI and the delegees: what was delivered and how to fetch it. */
export const notifier: ServiceDefinition<typeof configSchema> = {
  name: 'notifier',
  summary: 'Sends mails to the PI and the delegees: what was delivered and how to fetch it.',
  configSchema,
  module: (config): DynamicModule => ({
    module: NotifierModule,
    imports: [
      DatabaseModule.forService({ url: config.DATABASE_URL, ...notifierSchema }),
      MessagingModule.forService('notifier', config),
      CatalogueReaderModule.connect(config.DATABASE_URL),
    ],
    providers: [
      {
        provide: NotifierConfig,
        useValue: new NotifierConfig(config.LINK_DAYS, submitterOf(config.REJECTIONS_TO)),
      },
      {
        provide: MailServer,
        useFactory: () => new MailServer(config.SMTP_URL, config.MAIL_FROM, config.MAIL_RETURN_PATH ?? null),
      },
    ],
  }),
};

function submitterOf(email: string | undefined): NotifierConfig['submitter'] {
  return email === undefined ? null : { name: 'ALMA data reduction team', email };
}
