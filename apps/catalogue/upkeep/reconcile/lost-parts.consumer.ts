import { type DataOf, lostPartSettled } from '@almagest/contracts';
import { BusConsumer, BusContext, Inbox, OnEvent } from '@almagest/messaging';
import { Ctx, Payload } from '@nestjs/microservices';
import { repairedObjects } from '../upkeep.metrics';
import { LostParts } from './lost-parts';
import { ReconcileService } from './reconcile.service';

@BusConsumer()
export class LostPartsConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly lostParts: LostParts,
    private readonly reconciliations: ReconcileService,
  ) {}

  @OnEvent(lostPartSettled)
  async settled(@Payload() event: DataOf<typeof lostPartSettled>, @Ctx() { message }: BusContext): Promise<void> {
    const isNew = await this.inbox.once(message.id, (manager) => this.lostParts.settle(manager, event));
    if (isNew && event.notRestored === null) repairedObjects.inc({ kind: 'lost' });
    await this.reconciliations.tellMetrics();
  }
}
