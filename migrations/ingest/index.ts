import { Initial1795413546869 } from './1795413546869-initial';

/** The migrations of the schema `ingest`, oldest first. */
export const migrations = [Initial1795413546869];
