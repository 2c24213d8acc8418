import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CACHE } from './server-process.mjs';

const run = promisify(execFile);
/** Change the number of `VENV` when a version changes. */
const PACKAGES = ['astropy>=6,<8', 'numpy>=1.26,<3'];
const VENV = join(CACHE, 'python-astropy-1');

/**
 * Returns the path of a Python with astropy and numpy, installed in `.cache/engines` on first use. Run as a program, it
 * prints the path.
 * @returns {Promise<string>}
 */
export async function python() {
  const interpreter = join(VENV, 'bin', 'python');
  if (await exists(interpreter)) return interpreter;
  await mkdir(CACHE, { recursive: true });
  await rm(VENV, { recursive: true, force: true });
  await explainFailure('python3 -m venv', run('python3', ['-m', 'venv', VENV]));
  try {
    await explainFailure('pip install', run(interpreter, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]));
  } catch (error) {
    // The next run would take an incomplete environment for a complete one.
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

async function explainFailure(step, done) {
  try {
    await done;
  } catch (cause) {
    const why = cause.code === 'ENOENT' ? 'python3 is not installed' : String(cause.stderr || cause.message).trim();
    throw new Error(`the codec tests need a Python with astropy, and "${step}" failed: ${why}`, { cause });
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
