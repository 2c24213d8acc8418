import { Initial1795413541699 } from './1795413541699-initial';
import { QueuedMessage1795415714522 } from './1795415714522-queued-message';
import { DeadLetterSettling1795535002964 } from './1795535002964-dead-letter-settling';

/** The migrations of the schema `bus`, oldest first. */
export const migrations = [Initial1795413541699, QueuedMessage1795415714522, DeadLetterSettling1795535002964];
