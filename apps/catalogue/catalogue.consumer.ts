import { type DataOf, deliveryRejected, deliveryStored, lostPartSettled, qa2ResultAccepted } from '@almagest/contracts';
import { BusConsumer, BusContext, Inbox, OnEvent } from '@almagest/messaging';
import { failpoint } from '@almagest/platform';
import { Ctx, Payload } from '@nestjs/microservices';
import { MetadataService } from './metadata/metadata.service';
import { RecordService } from './record/record.service';
import { PartRecovery } from './upkeep/reconcile/part-recovery';
import { ReconcileService } from './upkeep/reconcile/reconcile.service';
import { repairedObjects } from './upkeep/upkeep.metrics';

/** Handles the events that the catalogue subscribes to. */
@BusConsumer()
export class CatalogueConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly record: RecordService,
    private readonly metadata: MetadataService,
    private readonly recovery: PartRecovery,
    private readonly reconciliations: ReconcileService,
  ) {}

  @OnEvent(qa2ResultAccepted)
  async accepted(@Payload() event: DataOf<typeof qa2ResultAccepted>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, async (manager) => {
      await this.record.accepted(manager, event);
      const { project, metadata } = event.result;
      if (metadata !== undefined) await this.metadata.stated(manager, project, metadata, event.id);
    });
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

  @OnEvent(lostPartSettled)
  async partSettled(@Payload() event: DataOf<typeof lostPartSettled>, @Ctx() { message }: BusContext): Promise<void> {
    const isNew = await this.inbox.once(message.id, (manager) => this.recovery.settle(manager, event));
    if (isNew && event.notRestored === null) repairedObjects.inc({ kind: 'lost' });
    await this.reconciliations.updateMetrics();
  }
}
