import { type DataOf, qa2ResultAccepted } from '@almagest/contracts';
import { BusConsumer, BusContext, Inbox, OnEvent } from '@almagest/messaging';
import { currentContext } from '@almagest/platform';
import { Ctx, Payload } from '@nestjs/microservices';
import { IngestService } from './ingest.service';

@BusConsumer()
export class IngestConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly ingest: IngestService,
  ) {}

  @OnEvent(qa2ResultAccepted)
  async accepted(@Payload() event: DataOf<typeof qa2ResultAccepted>, @Ctx() { message }: BusContext): Promise<void> {
    if (!event.deliver) return;
    await this.inbox.once(message.id, (manager) =>
      this.ingest.enqueue(manager, event, currentContext()?.traceparent ?? message.traceparent),
    );
  }
}
