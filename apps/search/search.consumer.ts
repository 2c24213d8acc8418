import {
  catalogueRebuilt,
  type DataOf,
  deliveryCatalogued,
  deliveryWithdrawn,
  projectMetadataRecorded,
} from '@almagest/contracts';
import { BusConsumer, BusContext, Inbox, OnEvent } from '@almagest/messaging';
import { Ctx, Payload } from '@nestjs/microservices';
import { ContentService } from './content/content.service';
import { RebuildService } from './rebuild/rebuild.service';
import { searchLag } from './search.metrics';

/** Handles the events that search subscribes to. */
@BusConsumer()
export class SearchConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly content: ContentService,
    private readonly rebuilds: RebuildService,
  ) {}

  @OnEvent(deliveryCatalogued)
  async catalogued(@Payload() event: DataOf<typeof deliveryCatalogued>, @Ctx() { message }: BusContext): Promise<void> {
    if (event.supersededBy !== null) return;
    const isNew = await this.inbox.once(message.id, (manager) => this.content.catalogued(manager, event));
    // The event was made when the delivery was catalogued.
    if (isNew) searchLag.observe(Math.max(0, Date.now() - Date.parse(message.time)) / 1000);
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

  @OnEvent(catalogueRebuilt)
  async rebuilt(@Payload() _event: DataOf<typeof catalogueRebuilt>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, async (manager) => {
      await this.rebuilds.add(manager);
    });
  }
}
