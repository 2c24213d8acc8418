import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CACHE } from './server-process.mjs';

const run = promisify(execFile);
/** A change of a version makes another environment. */
const PACKAGES = ['astropy>=6,<8', 'numpy>=1.26,<3'];
const VENV = join(CACHE, 'python-astropy-1');

/**
 * A Python with astropy and numpy of its own, made in `.cache/engines` the first time. Run as a program it prints the
 * interpreter's path.
 * @returns {Promise<string>}
 */
export async function python() {
  const interpreter = join(VENV, 'bin', 'python');
  if (await exists(interpreter)) return interpreter;
  await mkdir(CACHE, { recursive: true });
  await rm(VENV, { recursive: true, force: true });
  await tell('python3 -m venv', run('python3', ['-m', 'venv', VENV]));
  try {
    await tell('pip install', run(interpreter, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]));
  } catch (error) {
    // Half an environment would be taken for a whole one the next time.
    await rename(VENV, `${VENV}.broken-${process.pid}`);
    await rm(`${VENV}.broken-${process.pid}`, { recursive: true, force: true });
    throw error;
  }
  return interpreter;
}

async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function tell(step, done) {
  try {
    await done;
  } catch (cause) {
    const why = cause.code === 'ENOENT' ? 'there is no python3' : String(cause.stderr || cause.message).trim();
    throw new Error(`a Python with astropy is needed to check the codecs, and "${step}" failed: ${why}`, { cause });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.stdout.write(`${await python()}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
