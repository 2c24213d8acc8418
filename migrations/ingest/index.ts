import { Initial1795413546869 } from './1795413546869-initial';
import { PlanAndHoldUps1795417079898 } from './1795417079898-plan-and-hold-ups';
import { PartRestoration1795898885750 } from './1795898885750-part-restoration';

/** The migrations of the schema `ingest`, oldest first. */
export const migrations = [Initial1795413546869, PlanAndHoldUps1795417079898, PartRestoration1795898885750];
