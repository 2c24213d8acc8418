import type { ServiceName } from '@almagest/contracts';
import { metricsRegistry } from '@almagest/platform';
import type { Admin } from 'kafkajs';
import { Gauge } from 'prom-client';

const LAG_EVERY_MS = 15_000;

const lag = new Gauge({
  name: 'almagest_bus_lag_messages',
  help: 'Messages on Kafka that no instance of the service has handled yet',
  labelNames: ['service', 'topic'],
  registers: [metricsRegistry],
});

/** A committed offset with its metadata, which says what a reader that may have died had begun. */
export interface Progress {
  /** The committed offset: every message before it has been handled. */
  at: bigint;
  /** Started runs of the message at that offset. */
  attempts: number;
  /** Messages up to this offset may have been begun. */
  begunUpTo: bigint;
}

/** Returns the metadata to commit with an offset. */
export function toMetadata({ attempts, begunUpTo }: Pick<Progress, 'attempts' | 'begunUpTo'>): string {
  return `attempts=${attempts} begun=${begunUpTo}`;
}

/** Parses a committed offset and its metadata. Metadata of another writer means that nothing was begun. */
export function progressOf(offset: string, metadata: string | null | undefined): Progress {
  const at = BigInt(offset);
  const match = /^attempts=(\d{1,9}) begun=(\d{1,19})$/.exec(metadata ?? '');
  return { at, attempts: Number(match?.[1] ?? 0), begunUpTo: match === null ? -1n : BigInt(match[2] as string) };
}

/** Returns the number of the next run of the message at `offset`, from 1, as far as earlier runs are known. */
export function nextRun({ at, attempts }: Progress, offset: bigint): number {
  return offset === at ? attempts + 1 : 1;
}

/** Sends heartbeats to the consumer group while a batch is handled, however long a message takes. */
export class GroupHeartbeat {
  private readonly timer: NodeJS.Timeout;
  private failed: { error: unknown } | undefined;

  /** @param beat sends a heartbeat if one is due; rejects when the group requires its members to join again */
  constructor(beat: () => Promise<void>, everyMs: number) {
    this.timer = setInterval(() => {
      beat().catch((error: unknown) => {
        this.failed ??= { error };
      });
    }, everyMs);
  }

  /** Whether the member must join the group again: it finishes the current message and begins no other. */
  get mustRejoin(): boolean {
    return this.failed !== undefined;
  }

  /** @throws the group's response, when the member must join again */
  end(): void {
    clearInterval(this.timer);
    if (this.failed !== undefined) throw this.failed.error;
  }
}

/** Measures the lag of a service at the brokers, so that it also grows while no instance reads. */
export class ConsumerLag {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly service: ServiceName,
    private readonly admin: Admin,
    private readonly groupId: string,
    private readonly topics: readonly string[],
  ) {}

  start(): void {
    // While the brokers are unavailable the gauge keeps its value; the reader reports the outage.
    const measure = (): void => void this.measure().catch(() => undefined);
    measure();
    this.timer = setInterval(measure, LAG_EVERY_MS).unref();
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
