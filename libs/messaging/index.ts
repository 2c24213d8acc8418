/**
 * Events between services: the outbox and its relay publish them, a Nest transport strategy (Postgres or Kafka) delivers
 * them to `@OnEvent` methods, the inbox handles each once, and what cannot be handled becomes a dead letter.
 */
export * from './bus';
export { type DeadLetterFilter, DeadLetters } from './dead-letters';
export { BusConsumer, BusContext, OnEvent } from './dispatch';
export * from './inbox';
export * from './kafka/kafka-bus.publisher';
export * from './kafka/kafka-bus.server';
export * from './kafka/kafka.settings';
export * from './message';
export * from './messaging.module';
export * from './outbox';
export * from './outbox-relay';
export * from './postgres/listening-loop';
export { busSchema, DeadLetterRow, PARTITIONS, QueuedMessageRow } from './postgres/bus-tables';
export * from './postgres/postgres-bus.publisher';
export * from './postgres/postgres-bus.server';
