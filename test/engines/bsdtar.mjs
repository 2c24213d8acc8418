import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { installPackage } from './debian.mjs';

const run = promisify(execFile);

/**
 * Returns the version of bsdtar (Debian's libarchive-tools). Installs it when it is missing, which needs root on
 * Debian. Run as a program, it prints the version.
 * @returns {Promise<string>}
 */
export async function bsdtar() {
  const found = await version();
  if (found !== null) return found;
  await installPackage('libarchive-tools');
  const installed = await version();
  if (installed === null) throw new Error('libarchive-tools is installed, but bsdtar is still missing');
  return installed;
}

async function version() {
  return run('bsdtar', ['--version']).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.stdout.write(`${await bsdtar()}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
