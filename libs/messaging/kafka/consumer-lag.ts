import type { ServiceName } from '@almagest/contracts';
import { metricsRegistry } from '@almagest/platform';
import type { Admin } from 'kafkajs';
import { Gauge } from 'prom-client';

const EVERY_MS = 15_000;

const lag = new Gauge({
  name: 'almagest_bus_lag_messages',
  help: 'Messages on Kafka that the service has not handled yet, its instances together',
  labelNames: ['service', 'topic'],
  registers: [metricsRegistry],
});

/** Measures how far a service is behind, from the outside: it grows as well when nobody reads. */
export class ConsumerLag {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly service: ServiceName,
    private readonly admin: Admin,
    private readonly groupId: string,
    private readonly topics: readonly string[],
  ) {}

  start(): void {
    // When the brokers are away the measure stays as it was; that they are is told elsewhere.
    const measure = (): void => void this.measure().catch(() => undefined);
    measure();
    this.timer = setInterval(measure, EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async measure(): Promise<void> {
    const committed = await this.admin.fetchOffsets({ groupId: this.groupId, topics: [...this.topics] });
    for (const { topic, partitions } of committed) {
      const handled = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      const ends = await this.admin.fetchTopicOffsets(topic);
      const behind = ends.map(
        ({ partition, low, high }) => Number(high) - Math.max(handled.get(partition) ?? 0, Number(low)),
      );
      lag.set(
        { service: this.service, topic },
        behind.reduce((sum, messages) => sum + messages, 0),
      );
    }
  }
}
