import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Installs a package of Debian's.
 * @throws when this is not root on a Debian, or the package is not to be had
 */
export async function installPackage(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env });
  } catch (cause) {
    throw new Error(
      `"apt-get install ${name}" failed, which only root can on a Debian: ${cause.stderr || cause.message}`,
      { cause },
    );
  }
}
