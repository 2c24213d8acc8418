import type { ServiceName } from '@almagest/contracts';
import { JobRunner, prepareJobs } from '@almagest/jobs';
import {
  type BusConfig,
  BUS_SERVER,
  createDataSource,
  type Logger,
  LOGGER,
  maximumRetryInterval as maximumRetryIntervalOf,
  migrate,
  ReadinessChecks,
  type RetryConfig,
} from '@almagest/platform';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { Pool } from 'pg';
import type { BusPublisher } from './bus';
import { Inbox } from './inbox';
import { KafkaBusPublisher } from './kafka/kafka-bus.publisher';
import { KafkaBusServer } from './kafka/kafka-bus.server';
import { kafkaSettings } from './kafka/kafka.settings';
import { Outbox } from './outbox';
import { OutboxRelay } from './outbox-relay';
import { busSchema } from './postgres/bus-tables';
import { PostgresBusPublisher } from './postgres/postgres-bus.publisher';
import { PostgresBusServer } from './postgres/postgres-bus.server';

/** Injection token of the pg pool that the bus and the jobs of a service share. */
export const BUS_POOL = Symbol('BUS_POOL');

const BUS_PUBLISHER = Symbol('BUS_PUBLISHER');

/** Connects a service to the bus (Kafka or Postgres): outbox and relay publish, strategy and inbox read. */
@Module({})
export class MessagingModule implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
    @Inject(BUS_PUBLISHER) private readonly publisher: BusPublisher,
    @Inject(BUS_POOL) private readonly pool: Pool,
  ) {}

  static forService(
    service: ServiceName,
    config: BusConfig & RetryConfig & { readonly DATABASE_URL: string },
  ): DynamicModule {
    const databaseUrl = config.DATABASE_URL;
    const maximumRetryInterval = maximumRetryIntervalOf(config);
    return {
      module: MessagingModule,
      global: true,
      providers: [
        Inbox,
        { provide: Outbox, useFactory: () => new Outbox(service) },
        {
          provide: BUS_POOL,
          inject: [LOGGER],
          useFactory: (logger: Logger) => openBusPool(databaseUrl, logger),
        },
        {
          provide: JobRunner,
          inject: [BUS_POOL, LOGGER],
          useFactory: (pool: Pool, logger: Logger) =>
            new JobRunner({ databaseUrl, pool, logger, maximumRetryInterval }),
        },
        {
          provide: BUS_PUBLISHER,
          inject: [BUS_POOL, LOGGER],
          useFactory: (pool: Pool, logger: Logger): BusPublisher => {
            const kafka = kafkaSettings(config);
            return kafka === null ? new PostgresBusPublisher(pool) : new KafkaBusPublisher(kafka, service, logger);
          },
        },
        {
          provide: OutboxRelay,
          inject: [BUS_PUBLISHER, LOGGER],
          useFactory: (bus: BusPublisher, logger: Logger) =>
            new OutboxRelay({ service, databaseUrl, bus, logger, maximumRetryInterval }),
        },
        {
          provide: BUS_SERVER,
          inject: [BUS_POOL, LOGGER, ReadinessChecks],
          useFactory: (pool: Pool, logger: Logger, readiness: ReadinessChecks): CustomTransportStrategy => {
            readiness.add('bus', async () => void (await pool.query('SELECT 1 FROM bus.queued_message LIMIT 1')));
            const settings = kafkaSettings(config);
            if (settings === null) return new PostgresBusServer({ service, databaseUrl, logger, maximumRetryInterval });
            const server = new KafkaBusServer({ service, settings, databaseUrl, pool, logger, maximumRetryInterval });
            readiness.add('Kafka', async () => server.check());
            return server;
          },
        },
      ],
      exports: [Inbox, Outbox, BUS_POOL, BUS_SERVER, JobRunner],
    };
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.publisher.close();
    await this.pool.end();
  }
}

/** Migrates the bus tables of a database and returns a pool on it. */
export async function openBusPool(databaseUrl: string, logger: Logger): Promise<Pool> {
  const pool = new Pool({ connectionString: databaseUrl, max: 10, application_name: 'almagest-bus' });
  // The pool does not report a connection that is lost while it is checked out; the connection itself does.
  pool.on('connect', (client) => client.on('error', (error) => logger.warn({ error }, 'bus connection lost')));
  pool.on('error', () => undefined);
  const bus = await createDataSource({ url: databaseUrl, ...busSchema }).initialize();
  await migrate(bus).finally(() => bus.destroy());
  await prepareJobs(pool, logger);
  return pool;
}
