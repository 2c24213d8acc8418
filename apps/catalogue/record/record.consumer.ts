import { type DataOf, deliveryRejected, deliveryStored, qa2ResultAccepted } from '@almagest/contracts';
import { BusConsumer, BusContext, Inbox, OnEvent } from '@almagest/messaging';
import { failpoint } from '@almagest/platform';
import { Ctx, Payload } from '@nestjs/microservices';
import { RecordService } from './record.service';

@BusConsumer()
export class RecordConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly record: RecordService,
  ) {}

  @OnEvent(qa2ResultAccepted)
  async accepted(@Payload() event: DataOf<typeof qa2ResultAccepted>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) => this.record.accepted(manager, event));
  }

  @OnEvent(deliveryStored)
  async stored(@Payload() event: DataOf<typeof deliveryStored>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) => this.record.stored(manager, event));
    failpoint('catalogue.committed');
  }

  @OnEvent(deliveryRejected)
  async rejected(@Payload() event: DataOf<typeof deliveryRejected>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) => this.record.rejected(manager, event));
  }
}
