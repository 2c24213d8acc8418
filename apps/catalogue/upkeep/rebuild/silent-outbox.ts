import { Outbox } from '@almagest/messaging';

/** Publishes nothing: what is rebuilt was announced when it happened. */
export class SilentOutbox extends Outbox {
  constructor() {
    super('catalogue');
  }

  override async add(): Promise<void> {
    // Silence is the point.
  }
}
