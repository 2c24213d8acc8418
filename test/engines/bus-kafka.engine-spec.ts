import { busConformance } from '@almagest/messaging/testing/bus.conformance';
import { KafkaTestBus } from './kafka/kafka-test-bus';

jest.setTimeout(120_000);

busConformance('Kafka', () => KafkaTestBus.start());
