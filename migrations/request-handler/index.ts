import { Initial1795535744355 } from './1795535744355-initial';
import { Recipients1795545000000 } from './1795545000000-recipients';

/** The migrations of the schema `request_handler`, oldest first. */
export const migrations = [Initial1795535744355, Recipients1795545000000];
