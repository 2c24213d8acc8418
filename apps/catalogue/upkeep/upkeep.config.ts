import { numberVariable } from '@almagest/platform';

/** How the store is looked after. */
export const upkeepVariables = {
  SCRUB_INTERVAL_DAYS: numberVariable(7).meta({ description: 'Days from one scrub to the next; 0: only on demand' }),
  SCRUB_BYTES_PER_SECOND: numberVariable(64 * 1024 ** 2, 1).meta({ description: 'How fast a scrub reads the store' }),
  RECONCILE_GRACE_HOURS: numberVariable(24).meta({
    description: 'Objects and uploads younger than this are never called left over',
  }),
};

const DAY = 24 * 3600 * 1000;

/** The same as services need it. */
export class UpkeepConfig {
  /** Milliseconds from one scrub to the next; null: only on demand. */
  readonly scrubInterval: number | null;
  readonly scrubBytesPerSecond: number;
  /** Milliseconds. */
  readonly grace: number;

  constructor(variables: {
    SCRUB_INTERVAL_DAYS: number;
    SCRUB_BYTES_PER_SECOND: number;
    RECONCILE_GRACE_HOURS: number;
  }) {
    this.scrubInterval = variables.SCRUB_INTERVAL_DAYS === 0 ? null : variables.SCRUB_INTERVAL_DAYS * DAY;
    this.scrubBytesPerSecond = variables.SCRUB_BYTES_PER_SECOND;
    this.grace = (variables.RECONCILE_GRACE_HOURS * DAY) / 24;
  }
}
