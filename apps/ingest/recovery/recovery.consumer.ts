import { type DataOf, partLost } from '@almagest/contracts';
import { BusConsumer, BusContext, Inbox, OnEvent } from '@almagest/messaging';
import { currentContext } from '@almagest/platform';
import { Ctx, Payload } from '@nestjs/microservices';
import { RecoveryService } from './recovery.service';

@BusConsumer()
export class RecoveryConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly recovery: RecoveryService,
  ) {}

  @OnEvent(partLost)
  async lost(@Payload() event: DataOf<typeof partLost>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) =>
      this.recovery.enqueue(manager, event, currentContext()?.traceparent ?? message.traceparent),
    );
  }
}
