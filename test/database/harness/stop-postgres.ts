import { rm } from 'node:fs/promises';
import { runningPostgres } from './running-postgres';

/** jest's globalTeardown of the database tests. */
export default async function stopPostgres(): Promise<void> {
  const running = runningPostgres();
  await running?.server.stop();
  if (running !== undefined) await rm(running.home, { recursive: true, force: true });
}
