import { Initial1795414793684 } from './1795414793684-initial';
import { ResultServes1796035000001 } from './1796035000001-result-serves';

/** The migrations of the schema `intake`, oldest first. */
export const migrations = [Initial1795414793684, ResultServes1796035000001];
