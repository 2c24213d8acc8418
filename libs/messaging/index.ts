/** Events between services: outbox, inbox, relay, and the strategies that deliver them. */
export * from './bus';
export * from './inbox/inbox';
export * from './inbox/inbox.entity';
export * from './message';
export * from './messaging.error';
export * from './messaging.module';
export * from './nest/decorators';
export * from './nest/dispatch';
export * from './outbox/outbox';
export * from './outbox/outbox.entity';
export * from './outbox/relay';
export * from './postgres/bus-schema';
export * from './postgres/dead-letter.entity';
export * from './postgres/postgres-bus.publisher';
export * from './postgres/postgres-bus.server';
export * from './postgres/queued-message.entity';
