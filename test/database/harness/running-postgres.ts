import type { EmbeddedPostgres } from '../../../libs/embedded-postgres';

interface RunningPostgres {
  server: EmbeddedPostgres;
  home: string;
}

// jest loads setup and teardown apart from each other; only the global object is the same.
const shared = globalThis as { almagestTestPostgres?: RunningPostgres };

export function keepForTeardown(running: RunningPostgres): void {
  shared.almagestTestPostgres = running;
}

export function runningPostgres(): RunningPostgres | undefined {
  return shared.almagestTestPostgres;
}
