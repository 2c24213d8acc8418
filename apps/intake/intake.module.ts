import { MessagingModule, InboxRow, OutboxRow } from '@almagest/messaging';
import { DatabaseModule } from '@almagest/platform';
import { commonConfigSchema, type ServiceDefinition } from '@almagest/service';
import { allowedSources, allowedSourceVariables } from '@almagest/sources';
import { type DynamicModule, Module } from '@nestjs/common';
import { z } from 'zod';
import { migrations } from '../../migrations/intake';
import { Qa2ResultHistoryRow, Qa2ResultRow, Qa2ResultServesRow } from './qa2-results/qa2-result.entity';
import { Qa2ResultsConsumer } from './qa2-results/qa2-results.consumer';
import { Qa2ResultsController } from './qa2-results/qa2-results.controller';
import { Qa2ResultsRepository } from './qa2-results/qa2-results.repository';
import { IntakeConfig, Qa2ResultsService } from './qa2-results/qa2-results.service';

/** The tables of the schema `intake`. */
export const intakeSchema = {
  schema: 'intake',
  entities: [Qa2ResultRow, Qa2ResultServesRow, Qa2ResultHistoryRow, OutboxRow, InboxRow],
  migrations,
};

const configSchema = commonConfigSchema.extend({
  ...allowedSourceVariables,
  DELIVER_SEMIPASS: z
    .stringbool()
    .default(false)
    .meta({ description: 'Whether SEMIPASS results are delivered too; PASS always is, FAIL never is' }),
});

@Module({
  controllers: [Qa2ResultsController, Qa2ResultsConsumer],
  providers: [Qa2ResultsService, Qa2ResultsRepository],
})
class IntakeModule {}

/** Receives QA2 results, validates them, records each one once, and announces it. */
export const intake: ServiceDefinition<typeof configSchema> = {
  name: 'intake',
  summary: 'Receives QA2 results, validates them, records each one once, and reports its progress.',
  configSchema,
  module: (config): DynamicModule => ({
    module: IntakeModule,
    imports: [
      DatabaseModule.forService({ url: config.DATABASE_URL, ...intakeSchema }),
      MessagingModule.forService('intake', config),
    ],
    providers: [{ provide: IntakeConfig, useValue: new IntakeConfig(config.DELIVER_SEMIPASS, allowedSources(config)) }],
  }),
};
