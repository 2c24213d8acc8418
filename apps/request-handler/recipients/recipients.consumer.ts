import { type DataOf, qa2ResultAccepted } from '@almagest/contracts';
import { BusConsumer, BusContext, Inbox, OnEvent } from '@almagest/messaging';
import { Ctx, Payload } from '@nestjs/microservices';
import { RecipientsRepository } from './recipients.repository';

@BusConsumer()
export class RecipientsConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly recipients: RecipientsRepository,
  ) {}

  @OnEvent(qa2ResultAccepted)
  async accepted(@Payload() event: DataOf<typeof qa2ResultAccepted>, @Ctx() { message }: BusContext): Promise<void> {
    if (!event.deliver) return;
    const addresses = event.result.recipients.map(({ email }) => email);
    await this.inbox.once(message.id, (manager) => this.recipients.note(manager, event.id, addresses));
  }
}
