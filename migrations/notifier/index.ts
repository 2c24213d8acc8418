import { Initial1795413552390 } from './1795413552390-initial';
import { RawData1795535748612 } from './1795535748612-raw-data';

/** The migrations of the schema `notifier`, oldest first. */
export const migrations = [Initial1795413552390, RawData1795535748612];
