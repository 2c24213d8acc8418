import { Initial1795413546869 } from './1795413546869-initial';
import { PlanAndHoldUps1795417079898 } from './1795417079898-plan-and-hold-ups';

/** The migrations of the schema `ingest`, oldest first. */
export const migrations = [Initial1795413546869, PlanAndHoldUps1795417079898];
