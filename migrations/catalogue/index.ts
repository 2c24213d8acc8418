import { Initial1795413549669 } from './1795413549669-initial';

/** The migrations of the schema `catalogue`, oldest first. */
export const migrations = [Initial1795413549669];
