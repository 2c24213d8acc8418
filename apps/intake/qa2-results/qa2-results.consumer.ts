import {
  type DataOf,
  deliveryCatalogued,
  deliveryRejected,
  deliveryStored,
  deliveryWithdrawn,
  mailSettled,
  qa2ResultPosted,
  readQa2Result,
} from '@almagest/contracts';
import { BusConsumer, BusContext, Inbox, OnEvent } from '@almagest/messaging';
import { DomainError } from '@almagest/platform';
import { Ctx, Payload } from '@nestjs/microservices';
import { Qa2ResultsService } from './qa2-results.service';

@BusConsumer()
export class Qa2ResultsConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly service: Qa2ResultsService,
  ) {}

  /**
   * Records a result that was published on the bus, with the same validation and idempotency as over HTTP. Duplicates are
   * recognised by their content, not by the message id: the pipeline chooses the ids and might use one for two results.
   */
  @OnEvent(qa2ResultPosted)
  async posted(@Payload() data: unknown): Promise<void> {
    const read = readQa2Result(data);
    if (!read.ok) {
      const faults = read.violations.map(({ pointer, message: fault }) => `${pointer}: ${fault}`).join('; ');
      throw new DomainError('invalid', 'intake.result-invalid', `The QA2 result is invalid: ${faults}`);
    }
    await this.service.submit(read.result);
  }

  @OnEvent(deliveryStored)
  async stored(@Payload() event: DataOf<typeof deliveryStored>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) =>
      this.service.advance(manager, { state: 'stored', event }, new Date(message.time)),
    );
  }

  @OnEvent(deliveryRejected)
  async rejected(@Payload() event: DataOf<typeof deliveryRejected>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) =>
      this.service.advance(manager, { state: 'rejected', event }, new Date(message.time)),
    );
  }

  @OnEvent(deliveryCatalogued)
  async catalogued(@Payload() event: DataOf<typeof deliveryCatalogued>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) =>
      this.service.advance(
        manager,
        { state: event.supersededBy === null ? 'catalogued' : 'superseded', event },
        new Date(message.time),
      ),
    );
  }

  @OnEvent(deliveryWithdrawn)
  async withdrawn(@Payload() event: DataOf<typeof deliveryWithdrawn>, @Ctx() { message }: BusContext): Promise<void> {
    await this.inbox.once(message.id, (manager) => this.service.withdrawn(manager, event, new Date(message.time)));
  }

  @OnEvent(mailSettled)
  async mailed(@Payload() event: DataOf<typeof mailSettled>, @Ctx() { message }: BusContext): Promise<void> {
    if (event.outstanding > 0) return;
    await this.inbox.once(message.id, (manager) =>
      this.service.advance(
        manager,
        { state: event.failed > 0 ? 'mail-failed' : 'notified', event },
        new Date(message.time),
      ),
    );
  }
}
