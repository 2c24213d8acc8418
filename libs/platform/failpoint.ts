let armed = '';

/**
 * The points at which the crash tests kill a process, in the order in which a delivery passes them. Each is at the worst
 * moment for a crash: after an effect that cannot be undone, and before its record is written.
 */
export const FAILPOINTS = [
  'intake.recorded-before-commit',
  'intake.answered',
  'relay.published-before-forgotten',
  'ingest.job-begun',
  'ingest.mid-part',
  'ingest.parts-verified',
  'object-store.linked',
  'ingest.first-part-completed',
  'ingest.parts-completed',
  'ingest.manifest-written',
  'ingest.rejected-before-cleared',
  'ingest.part-restored',
  'catalogue.written-before-commit',
  'catalogue.committed',
  'catalogue.withdrawal-noted',
  'search.changed-before-commit',
  'search.released-before-commit',
  'notifier.mail-written',
  'notifier.mail-accepted',
  'request-handler.recorded-before-commit',
  'request-handler.job-begun',
  'request-handler.mid-asdm',
  'request-handler.asdm-verified',
  'request-handler.asdm-completed',
  'request-handler.settled-before-commit',
  'request-handler.removed-before-commit',
  'search.job-begun',
  'search.result-stored',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

/** Arms one failpoint of this process (configuration `FAILPOINT`); an empty name arms none. */
export function armFailpoint(name: string): void {
  armed = name;
}

/** Kills this process with SIGKILL, like a power cut, if the failpoint is armed. */
export function failpoint(name: Failpoint): void {
  if (armed === name) process.kill(process.pid, 'SIGKILL');
}
