import { CatalogueReaderModule } from '@almagest/catalogue-db';
import { commonConfigSchema, type ServiceDefinition } from '@almagest/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { AsdmsController } from './asdms/asdms.controller';
import { AsdmsService } from './asdms/asdms.service';

const configSchema = commonConfigSchema;

@Module({ controllers: [AsdmsController], providers: [AsdmsService] })
class RequestHandlerModule {}

/** Knows the raw data of a MemberOUS. */
export const requestHandler: ServiceDefinition<typeof configSchema> = {
  name: 'request-handler',
  summary: 'Lists the raw ASDMs of a MemberOUS.',
  configSchema,
  module: (config): DynamicModule => ({
    module: RequestHandlerModule,
    imports: [CatalogueReaderModule.connect(config.DATABASE_URL)],
  }),
};
