import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import locks from 'fs-native-extensions';

/** A file for each port that a test has taken. */
const PORTS = join(tmpdir(), `almagest-ports-${userInfo().uid}`);

/**
 * Returns a port that is free and that no other call returned, in any process of this user: this process keeps the port's
 * file locked until it ends, however it ends. The port is below the system's ephemeral ports, so that it is still free
 * when a killed server starts on it again.
 */
export async function freePort() {
  mkdirSync(PORTS, { recursive: true, mode: 0o700 });
  for (;;) {
    const port = 15_000 + Math.floor(15_000 * Math.random());
    const file = openSync(join(PORTS, `${port}`), 'a+', 0o600);
    if (locks.tryLock(file) && (await isFree(port))) return port;
    closeSync(file);
  }
}

async function isFree(port) {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
