import { migrations } from '../../../migrations/bus';
import { DeadLetterRow } from '../dead-letters/dead-letter.entity';
import { QueuedMessageRow } from './queued-message.entity';

/** What the bus keeps in the schema `bus`. */
export const busSchema = { schema: 'bus', entities: [DeadLetterRow, QueuedMessageRow], migrations };
