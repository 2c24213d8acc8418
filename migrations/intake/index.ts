import { Initial1795413544292 } from './1795413544292-initial';

/** The migrations of the schema `intake`, oldest first. */
export const migrations = [Initial1795413544292];
