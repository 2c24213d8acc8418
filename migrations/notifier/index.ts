import { Initial1795413552390 } from './1795413552390-initial';
import { RawData1795535748612 } from './1795535748612-raw-data';
import { Withdrawal1795544725295 } from './1795544725295-withdrawal';

/** The migrations of the schema `notifier`, oldest first. */
export const migrations = [Initial1795413552390, RawData1795535748612, Withdrawal1795544725295];
