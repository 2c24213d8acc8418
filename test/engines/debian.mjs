import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Installs a Debian package.
 * @throws when the user is not root on Debian, or the package is not available
 */
export async function installPackage(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env });
  } catch (cause) {
    throw new Error(`"apt-get install ${name}" failed (it needs root on Debian): ${cause.stderr || cause.message}`, {
      cause,
    });
  }
}
