import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
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

// Run as a program, it installs the package NAME unless the command NAME is there: node test/engines/debian.mjs NAME
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , name] = process.argv;
  const isThere = await run('sh', ['-c', 'command -v "$0"', name]).then(
    () => true,
    () => false,
  );
  if (!isThere) await installPackage(name);
}
