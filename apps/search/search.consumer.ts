import { type DataOf, deliveryCatalogued, deliveryWithdrawn, projectMetadataRecorded } from '@almagest/contracts';
import { BusConsumer, BusContext, Inbox, OnEvent } from '@almagest/messaging';
import { Ctx, Payload } from '@nestjs/microservices';
import { ContentService } from './content/content.service';

/** Handles the events that search subscribes to. */
@BusConsumer()
export class SearchConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly content: ContentService,
  ) {}

  @OnEvent(deliveryCatalogued)
  async catalogued(@Payload() event: DataOf<typeof deliveryCatalogued>, @Ctx() { message }: BusContext): Promise<void> {
    if (event.supersededBy !== null) return;
    await this.inbox.once(message.id, (manager) => this.content.catalogued(manager, event));
  }

  @OnEvent(deliveryWithdrawn)
  async withdrawn(@Payload() event: DataOf<typeof deliveryWithdrawn>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) => this.content.withdrawn(manager, event));
  }

  @OnEvent(projectMetadataRecorded)
  async described(
    @Payload() event: DataOf<typeof projectMetadataRecorded>,
    @Ctx() { message }: BusContext,
  ): Promise<void> {
    await this.inbox.once(message.id, (manager) => this.content.described(manager, event));
  }
}
