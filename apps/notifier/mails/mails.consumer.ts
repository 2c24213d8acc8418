import {
  type DataOf,
  deliveryCatalogued,
  deliveryRejected,
  deliveryWithdrawn,
  qa2ResultAccepted,
  rawDataStaged,
  rawDataStagingFailed,
} from '@almagest/contracts';
import { BusConsumer, BusContext, Inbox, OnEvent } from '@almagest/messaging';
import { Ctx, Payload } from '@nestjs/microservices';
import { MailsService } from './mails.service';

@BusConsumer()
export class MailsConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly mails: MailsService,
  ) {}

  @OnEvent(qa2ResultAccepted)
  async accepted(@Payload() event: DataOf<typeof qa2ResultAccepted>, @Ctx() { message }: BusContext): Promise<void> {
    if (!event.deliver && event.result.outcome !== 'FAIL') return;
    await this.inbox.once(message.id, (manager) => this.mails.accepted(manager, event));
  }

  @OnEvent(deliveryCatalogued)
  async catalogued(@Payload() event: DataOf<typeof deliveryCatalogued>, @Ctx() { message }: BusContext): Promise<void> {
    if (event.supersededBy !== null) return;
    await this.inbox.once(message.id, (manager) => this.mails.catalogued(manager, event));
  }

  @OnEvent(deliveryWithdrawn)
  async withdrawn(@Payload() event: DataOf<typeof deliveryWithdrawn>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) => this.mails.withdrawn(manager, event));
  }

  @OnEvent(deliveryRejected)
  async rejected(@Payload() event: DataOf<typeof deliveryRejected>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) => this.mails.rejected(manager, event));
  }

  @OnEvent(rawDataStaged)
  async staged(@Payload() event: DataOf<typeof rawDataStaged>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) => this.mails.rawData(manager, event, 'staged', message.id));
  }

  @OnEvent(rawDataStagingFailed)
  async notStaged(
    @Payload() event: DataOf<typeof rawDataStagingFailed>,
    @Ctx() { message }: BusContext,
  ): Promise<void> {
    await this.inbox.once(message.id, (manager) => this.mails.rawData(manager, event, 'failed', message.id));
  }
}
