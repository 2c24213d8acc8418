import { Initial1795413541699 } from './1795413541699-initial';

/** The migrations of the schema `bus`, oldest first. */
export const migrations = [Initial1795413541699];
