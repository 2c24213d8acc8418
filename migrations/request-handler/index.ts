import { Initial1795535744355 } from './1795535744355-initial';

/** The migrations of the schema `request_handler`, oldest first. */
export const migrations = [Initial1795535744355];
