import { Initial1795413552390 } from './1795413552390-initial';

/** The migrations of the schema `notifier`, oldest first. */
export const migrations = [Initial1795413552390];
