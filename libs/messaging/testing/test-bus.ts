import { type DataOf, deliveryCatalogued, EVENTS, type ServiceName } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { type INestMicroservice, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, type CustomTransportStrategy, type MicroserviceOptions, Payload } from '@nestjs/microservices';
import type { BusPublisher, DeadLetter } from '../bus';
import { type BusMessage, makeMessage } from '../message';
import { BusConsumer, type BusContext, OnEvent } from '../dispatch';

/** A new, empty bus with every topic. */
export interface TestBus {
  readonly publisher: BusPublisher;
  /** Creates an instance of a service with connections of its own; its failed messages wait `retryDelay` ms. */
  readonly instance: (service: ServiceName, retryDelay: (attempt: number) => number) => Promise<TestInstance>;
  /** Publishes any value to a topic, not necessarily a message. */
  readonly publishRaw: (topic: string, key: string, value: unknown) => Promise<void>;
  readonly deadLetters: () => Promise<DeadLetter[]>;
  readonly stop: () => Promise<void>;
}

export interface TestInstance {
  readonly strategy: CustomTransportStrategy;
  /** Closes its connections, as if its process died: nothing it does afterwards reaches the bus. */
  readonly cut: () => Promise<void>;
}

export type MakeBus = () => Promise<TestBus>;

/** What an instance does with a message. */
export type Handle = (message: BusMessage, data: unknown) => Promise<void>;

export interface RunningInstance {
  /** Stops it gracefully. */
  stop(): Promise<void>;
  /** Stops it as a crash would. */
  cut(): Promise<void>;
}

/** Starts a service as in production: Nest controllers over the transport strategy. */
export async function startInstance(
  bus: TestBus,
  service: ServiceName,
  handle: Handle,
  retryDelay: (attempt: number) => number,
): Promise<RunningInstance> {
  const { strategy, cut } = await bus.instance(service, retryDelay);
  const app: INestMicroservice = await NestFactory.createMicroservice<MicroserviceOptions>(moduleOf(service, handle), {
    strategy,
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return { stop: () => app.close(), cut };
}

/** Returns a module with one controller that handles every event the service subscribes to. */
function moduleOf(service: ServiceName, handle: Handle): Type {
  class Consumer {}
  const subscribed = EVENTS.filter((event) => event.subscribers.includes(service));
  subscribed.forEach((contract, index) => {
    const [target, name] = [Consumer.prototype, `on${index}`];
    const value = (data: unknown, context: BusContext): Promise<void> => handle(context.message, data);
    const descriptor = { value, configurable: true, enumerable: true, writable: true };
    Object.defineProperty(target, name, descriptor);
    Payload()(target, name, 0);
    Ctx()(target, name, 1);
    OnEvent(contract)(target, name, descriptor);
  });
  BusConsumer()(Consumer);
  class ConsumerModule {}
  Module({ controllers: [Consumer] })(ConsumerModule);
  return ConsumerModule;
}

let made = 0;

/** Returns the uid of a new group. */
export function newGroup(): Uid {
  made += 1;
  return `uid://A00f/X1/X${made.toString(16)}` as Uid;
}

/** Returns a message with new data that intake and notifier subscribe to. */
export function newMessage(group: Uid): BusMessage {
  made += 1;
  const data: DataOf<typeof deliveryCatalogued> = {
    deliveryId: crypto.randomUUID(),
    project: '2013.1.09999.S',
    group,
    ous: `uid://A00f/X2/X${made.toString(16)}` as Uid,
    alsoServes: [],
    level: 'member',
    revision: 1,
    replaces: null,
    supersededBy: null,
  };
  return makeMessage(deliveryCatalogued, { key: group, subject: data.ous, source: '/almagest/catalogue' }, data);
}
