import { numberVariable } from '@almagest/platform';

/** The configuration of scrubs and reconciliations. */
export const upkeepVariables = {
  SCRUB_INTERVAL_DAYS: numberVariable(7).meta({ description: 'Days between scrubs; 0: only on demand' }),
  SCRUB_BYTES_PER_SECOND: numberVariable(64 * 1024 ** 2, 1).meta({
    description: 'The most bytes per second that a scrub reads from the object store',
  }),
  RECONCILE_GRACE_HOURS: numberVariable(24).meta({
    description: 'Grace period in hours: younger objects and uploads are never reported as orphans',
  }),
};

const DAY = 24 * 3600 * 1000;

/** The same, in the units that the services use. */
export class UpkeepConfig {
  /** Milliseconds between scrubs; null: only on demand. */
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
